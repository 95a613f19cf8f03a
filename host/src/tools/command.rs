//! Tools as the guest reaches them: as commands, and as functions.

use super::{Tool, Tools};
use crate::hostfn::{HostError, HostModule};
use hypercell_common::TOOLS;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// Exit status of a tool whose handler fails.
const FAILED: u8 = 1;
/// Exit status of a tool that is used wrongly.
const MISUSED: u8 = 2;

/// How a tool that was run as a command ended.
#[derive(Debug, Serialize)]
struct Ended {
    code: u8,
    stdout: String,
    stderr: String,
}

impl Ended {
    fn well(stdout: String) -> Self {
        Self { code: 0, stdout, stderr: String::new() }
    }

    fn badly(code: u8, error: &HostError) -> Self {
        Self { code, stdout: String::new(), stderr: format!("{error}\n") }
    }
}

/// The module that `node:child_process` runs tools by.
pub(crate) fn commands(tools: &Arc<Tools>) -> HostModule {
    let tools = Arc::clone(tools);
    HostModule::new(TOOLS).async_function(
        "run",
        move |name: String, arguments: Vec<String>, stdin: Option<String>| {
            let tools = Arc::clone(&tools);
            async move {
                let unknown = || HostError::new(format!("spawn {name} ENOENT")).with_code("ENOENT");
                let tool = tools.get(&name).ok_or_else(unknown)?;
                Ok::<_, HostError>(run(tool, &arguments, stdin.as_deref()).await)
            }
        },
    )
}

async fn run(tool: &Tool, arguments: &[String], stdin: Option<&str>) -> Ended {
    if matches!(arguments, [help] if help == "--help") {
        return Ended::well(tool.help());
    }
    let input = match tool.input_of(arguments, stdin) {
        Ok(input) => input,
        Err(error) => return Ended::badly(MISUSED, &error),
    };
    match tool.call(input).await {
        Ok(result) => Ended::well(Tool::output(&result)),
        Err(error) if error.code_text() == Some("ERR_INVALID_ARG") => Ended::badly(MISUSED, &error),
        Err(error) => Ended::badly(FAILED, &error),
    }
}

/// The host module `tools`: each tool is a function that takes its input.
pub(crate) fn functions(tools: &Arc<Tools>) -> HostModule {
    tools.iter().fold(HostModule::new("tools"), |module, tool| {
        let tool = tool.clone();
        module.async_function(tool.name().to_owned(), move |input: Value| {
            let tool = tool.clone();
            async move { tool.call(input).await }
        })
    })
}
