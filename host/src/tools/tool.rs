//! Tools and the set of a sandbox.

use super::schema::Schema;
use crate::{
    error::{Error, Result},
    hostfn::{HostError, HostOutcome, module::check_name},
    unwinding::unwinding,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, sync::Arc};

type Running = Pin<Box<dyn Future<Output = Result<Value, HostError>> + Send>>;
type Handler = dyn Fn(Value) -> Running + Send + Sync;

/// A function of the host that programs in a sandbox run by name, with an input that a JSON
/// schema describes.
///
/// ```
/// use hypercell::Tool;
/// use serde::Deserialize;
/// use serde_json::json;
///
/// #[derive(Deserialize)]
/// struct Place {
///     city: String,
/// }
///
/// let weather = Tool::new("weather")
///     .description("Tells the weather of a city.")
///     .input_schema(json!({
///         "type": "object",
///         "properties": { "city": { "type": "string", "description": "its name" } },
///         "required": ["city"],
///         "additionalProperties": false,
///     }))
///     .handler(|place: Place| format!("It rains in {}.", place.city));
/// assert_eq!(weather.input_of(&["--city", "Oslo"], None)?, json!({ "city": "Oslo" }));
/// # Ok::<(), hypercell::HostError>(())
/// ```
#[derive(Clone)]
pub struct Tool {
    name: String,
    description: String,
    schema: Arc<Schema>,
    handler: Option<Arc<Handler>>,
}

impl Tool {
    /// A tool whose input is any JSON object. The name must be some of
    /// `A-Z a-z 0-9 _ - . /`; it is checked when a sandbox is built.
    pub fn new(name: impl Into<String>) -> Self {
        let schema = Arc::new(Schema::new(json!({ "type": "object" })));
        Self { name: name.into(), description: String::new(), schema, handler: None }
    }

    /// Says what the tool does, for people and models.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the JSON schema of the input: draft 2020-12, unless its `$schema` says another.
    /// It is compiled when a sandbox is built. Each `$ref` must lead into the schema itself,
    /// and a `pattern` has neither look-around nor back references, so that no input takes
    /// long.
    #[must_use]
    pub fn input_schema(mut self, schema: Value) -> Self {
        self.schema = Arc::new(Schema::new(schema));
        self
    }

    /// Sets what the tool does: a closure with one argument of a type that serde can
    /// deserialize. It returns a type that serde can serialize, or a `Result` of one and of
    /// anything that converts to [`HostError`].
    #[must_use]
    pub fn handler<I, R, M>(mut self, handler: impl Fn(I) -> R + Send + Sync + 'static) -> Self
    where
        I: DeserializeOwned,
        R: HostOutcome<M>,
    {
        let handler = Arc::new(handler);
        self.handler = Some(Arc::new(move |input| {
            let handler = Arc::clone(&handler);
            Box::pin(async move { handler(typed(input)?).into_json() })
        }));
        self
    }

    /// Sets what the tool does: a closure as that of [`Tool::handler`] that gives a future.
    #[must_use]
    pub fn async_handler<I, U, M>(mut self, handler: impl Fn(I) -> U + Send + Sync + 'static) -> Self
    where
        I: DeserializeOwned,
        U: Future + Send + 'static,
        U::Output: HostOutcome<M>,
    {
        let handler = Arc::new(handler);
        self.handler = Some(Arc::new(move |input| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                let future = handler(typed(input)?);
                future.await.into_json()
            })
        }));
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the tool does; empty when that was not said.
    #[must_use]
    pub fn description_text(&self) -> &str {
        &self.description
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// An error with the tool's name.
    pub(super) fn refuse(&self, why: String) -> HostError {
        HostError::new(format!("{}: {why}", self.name)).with_code("ERR_INVALID_ARG")
    }

    fn check(&self) -> Result<()> {
        check_name("tool", &self.name)?;
        let wrong = |why: String| Err(Error::invalid_argument(format!("the tool `{}` {why}", self.name)));
        if self.handler.is_none() {
            return wrong("has no handler; `Tool::handler` sets it".into());
        }
        match self.schema.validator() {
            Ok(_) => Ok(()),
            Err(why) => wrong(format!("has an input schema that cannot be used: {why}")),
        }
    }

    /// Checks an input and runs the handler on it.
    ///
    /// # Errors
    /// That of the handler; with the code `ERR_INVALID_ARG` what is wrong with the input, one
    /// line for each fault (`/path: message`); with `ERR_HOST_PANIC` when the handler panics.
    pub async fn call(&self, input: Value) -> Result<Value, HostError> {
        self.schema.check(&input).map_err(|faults| self.refuse(format!("the input is wrong\n{faults}")))?;
        let Some(handler) = &self.handler else {
            return Err(self.refuse("the tool has no handler".into()));
        };
        // What a panic says may speak of the host: it stays here, with the panic hook.
        unwinding(async { handler(input).await }).await.unwrap_or_else(|| {
            Err(HostError::new(format!("the tool {} failed", self.name)).with_code("ERR_HOST_PANIC"))
        })
    }
}

fn typed<I: DeserializeOwned>(input: Value) -> Result<I, HostError> {
    serde_path_to_error::deserialize(input)
        .map_err(|error| HostError::new(format!("the input is wrong: {error}")).with_code("ERR_INVALID_ARG"))
}

impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tool").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The tools of a sandbox.
#[derive(Debug, Clone, Default)]
pub struct Tools {
    tools: BTreeMap<String, Tool>,
}

impl Tools {
    /// No tools.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool; the same name again replaces it.
    #[must_use]
    pub fn tool(mut self, tool: Tool) -> Self {
        self.tools.insert(tool.name.clone(), tool);
        self
    }

    /// Checks all names, and compiles all schemas.
    ///
    /// # Errors
    /// `ERR_INVALID_ARG` with the tool's name and what is wrong: the name, a schema that is
    /// none or has a `$ref` out of itself, no handler.
    pub fn check(&self) -> Result<()> {
        self.tools.values().try_for_each(Tool::check)
    }

    /// The tool of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tool> {
        self.tools.get(name)
    }

    /// All tools, by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Tool> {
        self.tools.values()
    }
}

impl FromIterator<Tool> for Tools {
    fn from_iter<I: IntoIterator<Item = Tool>>(tools: I) -> Self {
        tools.into_iter().fold(Self::new(), Self::tool)
    }
}
