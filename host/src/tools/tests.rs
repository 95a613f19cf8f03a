//! Tools: schemas, inputs, command lines, results.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use super::{Tool, Tools};
use crate::{Date, ErrorKind, HostError};
use serde::Deserialize;
use serde_json::{Value, json};

fn call(tool: &Tool, input: Value) -> Result<Value, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(tool.call(input)).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
struct Search {
    query: String,
    #[serde(default)]
    limit: u32,
}

fn search() -> Tool {
    Tool::new("search")
        .description("Searches the documents.")
        .input_schema(json!({
            "type": "object",
            "properties": {
                "query": { "type": "string", "description": "what to look for", "minLength": 2 },
                "limit": { "type": "integer", "minimum": 1 },
                "minScore": { "type": ["null", "number"] },
                "exact": { "type": "boolean" },
                "tag": { "type": "array", "items": { "type": "string" } },
                "where": { "type": "object" },
                "any": {},
            },
            "required": ["query"],
            "additionalProperties": false,
        }))
        .handler(|search: Search| format!("{}:{}", search.query, search.limit))
}

/// The schema of one property of any name.
fn with_schema(schema: Value) -> Tool {
    Tool::new("tool").input_schema(schema).handler(|input: Value| input)
}

#[test]
fn a_handler_gets_its_types_and_gives_json() {
    assert_eq!(call(&search(), json!({ "query": "vm", "limit": 3 })), Ok(json!("vm:3")));
    let later = Tool::new("later").async_handler(async |input: Value| Ok::<_, HostError>(json!([input])));
    assert_eq!(call(&later, json!({ "a": 1 })), Ok(json!([{ "a": 1 }])));
    let date = Tool::new("date").handler(|_: Value| Date(0.0));
    assert_eq!(call(&date, json!({})), Ok(json!("1970-01-01T00:00:00.000Z")));
}

#[test]
fn a_handler_that_fails_is_an_error_and_one_that_panics_says_nothing_of_the_host() {
    let failing =
        Tool::new("failing").handler(|_: Value| -> Result<(), HostError> { Err(HostError::new("no")) });
    assert_eq!(call(&failing, json!({})), Err("Error: no".into()));
    let panicking = Tool::new("panicking").handler(|_: Value| -> () { panic!("a secret") });
    assert_eq!(call(&panicking, json!({})), Err("Error: the tool panicking failed".into()));
    let unlike = Tool::new("unlike").handler(|search: Search| search.query);
    let message = call(&unlike, json!({ "query": 1 })).unwrap_err();
    assert!(message.contains("query") && message.contains("expected a string"), "{message}");
}

#[test]
fn an_input_that_does_not_fit_is_refused_with_each_place() {
    let message =
        call(&search(), json!({ "query": "v", "limit": 0, "tag": ["a", 1], "more": 1 })).unwrap_err();
    for part in ["/query: ", "/limit: 0 is less", "/tag/1: 1 is not of type", "/: Additional", "'more'"] {
        assert!(message.contains(part), "{message} does not say {part}");
    }
    assert!(call(&search(), json!([])).unwrap_err().contains("/: [] is not of type \"object\""));
    assert!(call(&Tool::new("any").handler(|_: Value| 0), json!(1)).unwrap_err().contains("object"));
}

#[test]
fn an_input_of_any_size_gives_a_short_refusal_soon() {
    let text = "a".repeat(1 << 20);
    assert!(call(&search(), json!({ "query": "ok", "limit": text })).unwrap_err().len() < 1000);
    let many: Vec<_> = (0..100_000).collect();
    let message = call(&search(), json!({ "query": "ok", "tag": many })).unwrap_err();
    assert_eq!(message.lines().count(), 6);

    // A pattern that takes an engine with backtracking for ever.
    let slow = with_schema(json!({ "properties": { "a": { "pattern": "^(a|a)*(a|aa)+$" } } }));
    assert!(call(&slow, json!({ "a": format!("{text}b") })).is_err());
    let unique = with_schema(json!({ "properties": { "a": { "uniqueItems": true } } }));
    let arrays: Vec<_> = (0..20_000).map(|number| json!([number])).collect();
    assert!(call(&unique, json!({ "a": arrays })).is_ok());
    // A schema of itself, and an input as deep as JSON is read.
    let nested = with_schema(json!({ "properties": { "a": { "$ref": "#" } }, "type": "object" }));
    let deep = format!("{}1{}", "{\"a\":".repeat(120), "}".repeat(120));
    let message = call(&nested, serde_json::from_str(&deep).unwrap()).unwrap_err();
    assert!(message.contains("is not of type \"object\""), "{message}");
    // Schemas that say nothing but each other.
    for schema in [
        json!({ "$ref": "#" }),
        json!({ "$ref": "#/$defs/a", "$defs": { "a": { "$ref": "#/$defs/b" }, "b": { "$ref": "#/$defs/a" } } }),
        json!({ "allOf": [{ "$ref": "#" }] }),
    ] {
        assert_eq!(call(&with_schema(schema), json!({ "a": 1 })), Ok(json!({ "a": 1 })));
    }
}

#[test]
fn a_set_of_tools_is_checked_as_a_whole() {
    assert!(Tools::new().tool(search()).tool(with_schema(json!(true))).check().is_ok());
    let wrong = |tool: Tool| {
        let error = Tools::from_iter([search(), tool]).check().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArg);
        error.to_string()
    };
    assert!(wrong(Tool::new("a b").handler(|_: Value| 0)).contains("the name of a tool"));
    assert!(wrong(Tool::new("idle")).contains("`idle` has no handler"));
    for schema in [
        json!({ "type": "strin" }),
        json!(7),
        json!({ "properties": { "a": { "pattern": "(" } } }),
        json!({ "properties": { "a": { "pattern": "(?=a)b" } } }),
        json!({ "$ref": "https://example.com/schema.json" }),
        json!({ "$ref": "file:///etc/passwd" }),
        json!({ "properties": { "a": { "$ref": "other.json" } } }),
    ] {
        let message = wrong(with_schema(schema.clone()));
        assert!(message.contains("the tool `tool` has an input schema"), "{schema}: {message}");
    }
    let tools = Tools::from_iter([search()]);
    assert_eq!(tools.get("search").map(Tool::description_text), Some("Searches the documents."));
    assert!(tools.get("none").is_none());
    assert_eq!(tools.iter().map(Tool::name).collect::<Vec<_>>(), ["search"]);
}

#[test]
fn options_become_an_input_by_the_types_of_the_properties() {
    let input = |words: &[&str]| search().input_of(words, None).unwrap();
    assert_eq!(input(&[]), json!({}));
    assert_eq!(
        input(&["--query", "3", "--limit", "-3", "--min-score=0.5", "--exact", "--tag", "a", "--tag=--b"]),
        json!({ "query": "3", "limit": -3, "minScore": 0.5, "exact": true, "tag": ["a", "--b"] })
    );
    assert_eq!(input(&["--no-exact", "--minScore", "1e2"]), json!({ "exact": false, "minScore": 1e2 }));
    assert_eq!(input(&["--exact", "false", "--query="]), json!({ "exact": false, "query": "" }));
    assert_eq!(input(&["--where", r#"{"a":1}"#, "--any", "2"]), json!({ "where": { "a": 1 }, "any": 2 }));
    assert_eq!(input(&["--any", "two words"]), json!({ "any": "two words" }));
    assert_eq!(input(&["--json", r#"{"query":"x"}"#]), json!({ "query": "x" }));
    assert_eq!(input(&["--json={}"]), json!({}));
    assert_eq!(search().input_of(&["--json", "-"], Some("[1]")).unwrap(), json!([1]));
}

#[test]
fn wrong_options_are_refused_with_those_that_there_are() {
    let refused = |words: &[&str]| search().input_of(words, None).unwrap_err().to_string();
    let unknown = refused(&["--querry", "x"]);
    assert!(unknown.contains("there is no option \"--querry\"; the options are"), "{unknown}");
    assert!(unknown.contains("--min-score") && unknown.contains("--json"), "{unknown}");
    let cases: &[(&[&str], &str)] = &[
        (&["word"], "\"word\" is no option"),
        (&["--query"], "`--query` needs a value"),
        (&["--query", "--exact"], "`--query` needs a value"),
        (&["--limit", "1.5"], "`--limit` takes a whole number, and not \"1.5\""),
        (&["--min-score", "NaN"], "takes a number"),
        (&["--exact=yes"], "takes `true` or `false`"),
        (&["--no-exact=true"], "takes no value"),
        (&["--no-query"], "there is no option"),
        (&["--query", "a", "--query", "b"], "given twice"),
        (&["--where", "{"], "takes JSON"),
        (&["--json", "{"], "`--json` needs JSON"),
        (&["--json", "-"], "there is none"),
        (&["--json", "{}", "--exact"], "goes with no other"),
    ];
    for (words, why) in cases {
        let message = refused(words);
        assert!(message.contains(why), "{message} does not say {why}");
    }
}

#[test]
fn help_names_each_option_and_a_result_is_text() {
    assert_eq!(
        search().help(),
        "search: Searches the documents.\n\n\
         Options:\n  \
           --any <value>\n  \
           --[no-]exact\n  \
           --limit <integer>\n  \
           --min-score <number>\n  \
           --query <string>       (required) what to look for\n  \
           --tag <string>...\n  \
           --where <JSON object>\n  \
           --json <JSON>          the whole input; `-` reads it from standard input\n"
    );
    assert_eq!(Tool::output(&json!("as it is")), "as it is");
    assert_eq!(Tool::output(&json!({ "a": [1, null] })), "{\"a\":[1,null]}\n");
}
