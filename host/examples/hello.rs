//! The smallest use: load a handler, call it with an event.

use hypercell::Engine;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Event<'a> {
    name: &'a str,
}

#[derive(Deserialize)]
struct Greeting {
    text: String,
}

fn main() -> hypercell::Result<()> {
    let engine = Engine::new()?;
    let mut sandbox = engine.sandbox().build()?;
    sandbox.add_handler(
        "greet",
        "function handler(event) {
             return { text: `Hello, ${event.name}!` };
         }",
    )?;

    let greeting: Greeting = sandbox.call("greet", &Event { name: "world" })?;

    println!("{}", greeting.text);
    println!("wall clock {:?}, CPU time {:?}", sandbox.stats().wall, sandbox.stats().cpu);
    Ok(())
}
