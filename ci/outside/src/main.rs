//! The smallest server that embeds Hypercell.

fn main() -> hypercell::Result<()> {
    let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    let answer: Option<String> = sandbox.eval("export default ['embedded', 'outside'].join(' ')")?;
    println!("{}", answer.unwrap_or_default());
    Ok(())
}
