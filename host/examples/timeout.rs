//! Limits on time, killing from another thread, and back to work by a restore.

use hypercell::{CallOptions, Engine};
use std::{thread, time::Duration};

fn main() -> hypercell::Result<()> {
    let mut sandbox = Engine::new()?.sandbox().build()?;
    sandbox.add_handler(
        "work",
        "let calls = 0;
         export function handler(endless) {
             calls += 1;
             while (endless);
             return calls;
         }",
    )?;
    let fresh = sandbox.snapshot()?;

    let options = CallOptions::new().wall(Duration::from_millis(50));
    match sandbox.call_with::<u32>("work", &true, &options) {
        Ok(calls) => println!("it ended by itself after {calls} calls"),
        Err(error) => println!("{}: {error}", error.code()),
    }

    // It was stopped in the middle of something, so it is poisoned.
    if let Err(error) = sandbox.call::<u32>("work", &false) {
        println!("{}: {error}", error.code());
    }
    sandbox.restore(&fresh)?;
    println!("restored: call number {}", sandbox.call::<u32>("work", &false)?);

    // Anything can decide that it has been long enough, from any thread.
    let handle = sandbox.interrupt_handle();
    let impatient = thread::spawn(move || {
        while !handle.kill() {
            thread::yield_now();
        }
    });
    if let Err(error) = sandbox.call::<u32>("work", &true) {
        println!("{}: {error} ({:?})", error.code(), sandbox.stats().terminated_by);
    }
    drop(impatient.join());
    sandbox.restore(&fresh)?;
    println!("restored: call number {}", sandbox.call::<u32>("work", &false)?);
    Ok(())
}
