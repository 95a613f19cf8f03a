//! A clean VM for every call: restore in microseconds, and spawn any number of
//! sandboxes from one snapshot, also from one that was kept in a file.

use hypercell::{CallOptions, Engine, Sandbox};
use std::{env, fs, process, thread, time::Instant};

const HANDLER: &str = "
    const seen = [];
    export function handler(user) {
        seen.push(user);
        return `${user}, of ${seen.length} seen here; dice: ${Math.floor(Math.random() * 1e6)}`;
    }
";

fn main() -> hypercell::Result<()> {
    let engine = Engine::new()?;
    let mut sandbox = engine.sandbox().build()?;
    sandbox.add_handler("visit", HANDLER)?;
    let fresh = sandbox.snapshot()?;

    println!("without restore:");
    for user in ["ada", "bob"] {
        println!("  {}", sandbox.call::<String>("visit", user)?);
    }

    println!("with restore, nothing of an earlier call is left:");
    for user in ["ada", "bob"] {
        sandbox.restore(&fresh)?;
        println!("  {}", sandbox.call::<String>("visit", user)?);
    }

    let options = CallOptions::new().without_gc();
    let started = Instant::now();
    for _ in 0..1000 {
        sandbox.restore(&fresh)?;
        sandbox.call_with::<String>("visit", "someone", &options)?;
    }
    println!("a clean VM and a call: {:?} on average", started.elapsed() / 1000);

    println!("spawned, each on a thread of its own:");
    let mut threads = Vec::new();
    for user in ["cleo", "dan", "eve"] {
        let mut spawned: Sandbox = fresh.spawn()?;
        threads.push(thread::spawn(move || spawned.call::<String>("visit", user)));
    }
    for thread in threads {
        match thread.join() {
            Ok(answer) => println!("  {}", answer?),
            Err(_) => println!("  a thread failed"),
        }
    }

    // What loads it would be another process, which then need not load any handlers.
    let path = env::temp_dir().join(format!("hypercell-example-{}.snapshot", process::id()));
    fresh.save(&path)?;
    let started = Instant::now();
    let loaded = engine.load_snapshot(&path);
    println!("loaded from a file in {:?}:", started.elapsed());
    // A file holds all that the guest knew: do not leave it lying around.
    if let Err(error) = fs::remove_file(&path) {
        eprintln!("{} stays behind: {error}", path.display());
    }
    println!("  {}", loaded?.spawn()?.call::<String>("visit", "fay")?);
    Ok(())
}
