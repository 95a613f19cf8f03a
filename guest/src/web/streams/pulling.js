// How a readable stream is filled, alike for both controllers (Streams 4.9.4, 4.9.5).

import { promiseResolvedWith, uponPromise } from "web:streams/promises";

/** What `SetUpReadableStreamDefaultController` and `SetUpReadableByteStreamController` have in common. */
export function setUpController(stream, controller, startAlgorithm, pullAlgorithm, cancelAlgorithm, highWaterMark) {
    controller.stream = stream;
    controller.strategyHWM = highWaterMark;
    controller.pullAlgorithm = pullAlgorithm;
    controller.cancelAlgorithm = cancelAlgorithm;
    stream.controller = controller;
    uponPromise(
        promiseResolvedWith(startAlgorithm()),
        () => {
            controller.started = true;
            callPullIfNeeded(controller);
        },
        (error) => controller.errorSteps(controller, error),
    );
}

/** `ReadableStreamDefaultControllerCallPullIfNeeded`, `ReadableByteStreamControllerCallPullIfNeeded`. */
export function callPullIfNeeded(controller) {
    if (!controller.shouldCallPull(controller)) {
        return;
    }
    if (controller.pulling) {
        controller.pullAgain = true;
        return;
    }
    controller.pulling = true;
    uponPromise(
        controller.pullAlgorithm(),
        () => {
            controller.pulling = false;
            if (controller.pullAgain) {
                controller.pullAgain = false;
                callPullIfNeeded(controller);
            }
        },
        (error) => controller.errorSteps(controller, error),
    );
}
