// The handler that a user of the alerting service wrote: the service runs it on every new piece of the log.
//
// event: {
//   rows: [{ ts, level, service, route, status, latency_ms, message, request_id }, …],
//   now: ISO time of the run; later rows are left out,
//   windowMinutes, threshold (the share of failed requests that alerts, 0 to 1), minRequests, quietMinutes
// }
// result: {
//   alert, service, reason, errorRate, window: { from, to }, rows (how many were given),
//   suppressed: the failing services that were alerted on less than quietMinutes ago
// }

import { getLastAlert, setLastAlert } from 'host:alerts';

const MINUTE = 60_000;

const isFailure = (row) => row.status >= 500;
const isoTime = (millis) => new Date(millis).toISOString();
const percent = (share) => `${(share * 100).toFixed(1)} %`;

function requestsByService(rows, now) {
  const services = new Map();
  for (const row of rows) {
    const at = Date.parse(row.ts);
    if (Number.isNaN(at) || at > now) continue;
    const requests = services.get(row.service) ?? [];
    requests.push({ at, failed: isFailure(row) });
    services.set(row.service, requests);
  }
  return services;
}

// Of the windows that end at a request and hold at least `minRequests`, the one with the highest error rate.
function worstWindow(requests, { windowMinutes, minRequests }) {
  requests.sort((a, b) => a.at - b.at);
  let worst = null;
  let failures = 0;
  let start = 0;
  requests.forEach(({ at, failed }, end) => {
    if (failed) failures += 1;
    for (; requests[start].at <= at - windowMinutes * MINUTE; start++) {
      if (requests[start].failed) failures -= 1;
    }
    const count = end - start + 1;
    const errorRate = failures / count;
    if (count >= minRequests && (worst === null || errorRate > worst.errorRate)) {
      worst = { errorRate, requests: count, from: requests[start].at, to: at };
    }
  });
  return worst;
}

function isQuiet(service, now, quietMinutes) {
  const last = getLastAlert(service);
  return last !== null && now - Date.parse(last) < quietMinutes * MINUTE;
}

export function handler(event) {
  const { rows, windowMinutes = 5, threshold = 0.2, minRequests = 30, quietMinutes = 30 } = event;
  const now = Date.parse(event.now);
  if (Number.isNaN(now)) throw new RangeError('event.now is not an ISO time');
  const breaches = [];
  for (const [service, requests] of requestsByService(rows, now)) {
    const worst = worstWindow(requests, { windowMinutes, minRequests });
    if (worst !== null && worst.errorRate >= threshold) breaches.push({ service, ...worst });
  }
  breaches.sort((a, b) => b.errorRate - a.errorRate);

  if (breaches.length === 0) {
    const nothing = { service: null, errorRate: null, window: null, suppressed: [] };
    return { alert: false, reason: 'no service fails too often', rows: rows.length, ...nothing };
  }

  const failing = breaches.map(({ service }) => service);
  const suppressed = failing.filter((service) => isQuiet(service, now, quietMinutes));
  const breach = breaches.find(({ service }) => !suppressed.includes(service)) ?? breaches[0];
  const { service, errorRate, requests, from, to } = breach;
  const alert = !suppressed.includes(service);
  if (alert) setLastAlert(service, isoTime(now));
  const reason = `${percent(errorRate)} of ${requests} requests failed within ${windowMinutes} minutes`;
  const window = { from: isoTime(from), to: isoTime(to) };
  return { alert, service, reason, errorRate, window, rows: rows.length, suppressed };
}
