//! Programs: an ES module that runs until nothing is left to run.

use super::{
    Sandbox,
    call::{Answer, Request},
};
use crate::{
    error::{Error, ErrorKind, Result},
    program::{Output, Program, Returned, exit_code_of},
};
use hypercell_common::Kind;
use serde::de::DeserializeOwned;

impl Sandbox {
    /// Runs an ES module as a program, as Node.js would: until nothing is left to run, with
    /// `process`, standard streams and an exit code.
    ///
    /// What the program does wrong is told by its exit code and its standard error. All
    /// programs of a sandbox share its global object and its files; for a fresh state each
    /// time, [restore](Sandbox::restore) a snapshot in between.
    ///
    /// ```no_run
    /// use hypercell::{Engine, Program};
    ///
    /// let mut sandbox = Engine::new()?.sandbox().build()?;
    /// let output = sandbox.exec(Program::new("console.log(process.argv[2])").arg("hello"))?;
    /// assert_eq!((output.stdout_text().as_ref(), output.exit_code), ("hello\n", 0));
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// - `ERR_INVALID_ARG` for a file, directory, member of `env` or option that cannot be;
    /// - `ERR_LIMIT` when the source is above the input limit;
    /// - `ERR_GUEST_ABORT`, and then the sandbox is poisoned;
    /// - `ERR_POISONED`.
    ///
    /// A program that is stopped by a limit on time or killed is no error: it has an exit
    /// code, and what it wrote is not lost. The sandbox is poisoned all the same.
    pub fn exec(&mut self, program: impl Into<Program>) -> Result<Output> {
        self.execute(program.into(), |_| Ok(())).map(|(_, output)| output)
    }

    /// [`Sandbox::exec`], and what the program gives to `globalThis.__return(value)`, the last
    /// time that it calls that.
    ///
    /// ```no_run
    /// # let mut sandbox = hypercell::Engine::new()?.sandbox().build()?;
    /// let ran = sandbox.run::<i32>("__return(2 + 40)")?;
    /// assert_eq!(ran.value, Some(42));
    /// # Ok::<(), hypercell::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Sandbox::exec`]; `ERR_INVALID_ARG` when the value does not fit `R`: what the program
    /// wrote is then gone, unless it was streamed. A value that cannot cross is an error that
    /// nobody caught.
    pub fn run<R: DeserializeOwned>(&mut self, program: impl Into<Program>) -> Result<Returned<R>> {
        let (value, output) = self.execute(program.into(), |answer| answer.read_optional())?;
        Ok(Returned::new(value.flatten(), output))
    }

    fn execute<R>(
        &mut self,
        mut program: Program,
        read: impl FnOnce(&Answer<'_>) -> Result<R>,
    ) -> Result<(Option<R>, Output)> {
        let (file, body) = program.body(self.config.typescript)?;
        let body = serde_json::to_string(&body)
            .map_err(|e| Error::internal("the program has no JSON form").with_source(e))?;
        let mut call = self.start(&program.options)?;
        call.serve_program(program.input, program.outputs);
        let request = Request { kind: Kind::Exec, target: &file, body: &body, sections: &[] };
        let ended =
            self.exchange(&mut call, request).and_then(|answer| Ok((answer.exit_code(), read(&answer)?)));
        match ended {
            Ok((code, value)) => Ok((Some(value), call.outputs().finish(code))),
            Err(error) if error.kind() == ErrorKind::Cancelled => {
                let stopped = self.stats().terminated_by;
                let Some(code) = stopped.and_then(exit_code_of) else { return Err(error) };
                Ok((None, Output { terminated_by: stopped, ..call.outputs().finish(code) }))
            }
            Err(error) => Err(error),
        }
    }
}
