//! Modules: shared by handlers, with state that lives between calls.

use hypercell::Engine;
use serde_json::{Value, json};

fn main() -> hypercell::Result<()> {
    let mut sandbox = Engine::new()?.sandbox().build()?;

    // Any order: a module is compiled when it is first imported.
    sandbox.add_module(
        "cart",
        "import { round } from 'money:rounding';
         const items = [];
         export function add(item) { items.push(item); }
         export function total() { return round(items.reduce((sum, item) => sum + item.price, 0)); }",
    )?;
    sandbox.add_module_in(
        "money",
        "rounding",
        "export const round = amount => Math.round(amount * 100) / 100;",
    )?;

    sandbox.add_handler(
        "add",
        "import { add, total } from 'user:cart';
         export function handler(item) { add(item); return total(); }",
    )?;
    sandbox
        .add_handler("total", "import { total } from 'user:cart'; export const handler = () => total();")?;

    for (name, price) in [("tea", 4.2), ("honey", 6.95)] {
        let total: f64 = sandbox.call("add", &json!({ "name": name, "price": price }))?;
        println!("added {name}, the total is {total}");
    }
    let total: f64 = sandbox.call("total", &Value::Null)?;
    println!("both handlers share the cart: {total}");

    // Unloading forgets handlers, modules and state.
    sandbox.unload()?;
    let error = sandbox.call::<f64>("total", &Value::Null);
    println!("after unload: {}", error.map_or_else(|e| e.to_string(), |total| total.to_string()));
    Ok(())
}
