//! `Math.random`: what the realm has that QuickJS has not, or not so.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::guest;

const DRAW: &str = "export default Array.from({ length: 8 }, Math.random)";

#[test]
fn math_random_has_the_attributes_of_the_specification() {
    let mut guest = guest();
    assert_eq!(
        guest.value("const d = Object.getOwnPropertyDescriptor(Math, 'random'); export default [d.writable, d.enumerable, d.configurable, d.value.length, d.value.name, 'prototype' in d.value]"),
        r#"[true,false,true,0,"random",false]"#
    );
    assert_eq!(guest.error("new Math.random()").name, "TypeError");
}

#[test]
fn math_random_is_uniform_in_its_interval() {
    let mut guest = guest();
    let value = guest.value(
        "const buckets = Array(16).fill(0); let fine = true, sum = 0; const seen = new Set();
         for (let i = 0; i < 64000; i++) { const r = Math.random(); fine &&= r >= 0 && r < 1 && (r * 2 ** 53) % 1 === 0; buckets[Math.floor(r * 16)]++; seen.add(r) }
         export default [fine, seen.size > 63990, Math.min(...buckets) > 3700, Math.max(...buckets) < 4300]",
    );
    assert_eq!(value, "[true,true,true,true]");
}

#[test]
fn equal_seeds_draw_equal_numbers_and_fresh_entropy_draws_others() {
    let (mut one, mut two) = (guest(), guest());
    let first = one.value(DRAW);
    assert_eq!(first, two.value(DRAW));
    two.platform.entropy.set(Some([8; 32]));
    assert_ne!(one.value(DRAW), two.value(DRAW));
    two.platform.entropy.set(Some([7; 32]));
    assert_eq!(two.value(DRAW), first);
}

#[test]
fn entropy_reaches_guest_code_that_kept_the_function() {
    let mut guest = guest();
    guest.handler("h", "const { random } = Math; export const handler = () => random()");
    guest.platform.entropy.set(Some([1; 32]));
    let first = guest.result("h", "null");
    assert_ne!(guest.result("h", "null"), first);
    guest.platform.entropy.set(Some([1; 32]));
    assert_eq!(guest.result("h", "null"), first);
}
