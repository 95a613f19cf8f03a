//! What a frame means.

/// Bits of the header's `value` field in [`Kind::Call`], [`Kind::Eval`] and
/// [`Kind::Script`].
pub mod call_flags {
    /// Do not collect garbage after this call.
    pub const NO_GC: u64 = 1;
}

/// A number on the wire that is no [`Kind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownKind(pub u16);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// What a frame means. The numbers are the wire's: host-to-guest kinds
        /// are below 32, guest-to-host kinds start there.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$doc])* $name = $number,)* }

        impl Kind {
            /// Every kind, in the order of their numbers.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];
        }

        impl TryFrom<u16> for Kind {
            type Error = UnknownKind;
            fn try_from(number: u16) -> Result<Self, UnknownKind> {
                match number {
                    $($number => Ok(Kind::$name),)*
                    other => Err(UnknownKind(other)),
                }
            }
        }
    };
}

/// The target of the [`Kind::HostStart`] that `fetch` makes. No name of a host function can
/// be this one, nor any below.
pub const FETCH: &str = "hypercell:fetch";

/// Gives the next bytes of a program's standard input as a `Uint8Array`, or `null` when there
/// are no more. For [`Kind::HostStart`], or for [`Kind::HostCall`] to wait for them.
pub const STDIN: &str = "hypercell:stdin";

/// The host module whose functions are members of `env`; behind a `/`, the name of the
/// member that has those of another one.
pub const ENV: &str = "hypercell:env";

/// The host module whose function `run` runs tools: `(name, arguments, input)`, where the
/// input is text or `null`, to an object of `code`, `stdout` and `stderr`.
pub const TOOLS: &str = "hypercell:tools";

kinds! {
    /// Sets limits and host modules. Body: [`crate::body::Configure`].
    Configure = 1,
    /// Registers a module, compiled on its first import. Target: the
    /// specifier (`user:math`). Body: source text.
    Module = 2,
    /// Compiles and evaluates a handler. Target: its key. Body: source text.
    Handler = 3,
    /// Forgets a handler. Target: its key. Body: empty.
    RemoveHandler = 4,
    /// Calls a handler. Target: its key. Body: the event as JSON. Value:
    /// [`call_flags`].
    Call = 5,
    /// Evaluates an ES module. Target: file name for stacks. Body: source
    /// text. Value: [`call_flags`].
    Eval = 6,
    /// Runs a classic script in the global scope. Target: file name for
    /// stacks. Body: source text. Value: [`call_flags`].
    Script = 7,
    /// Compiles an ES module and runs nothing. Target: file name. Body: source.
    Validate = 8,
    /// A host function returned. Body: its result as JSON, or empty. Value: the
    /// number of the [`Kind::HostStart`] that it answers, or 0.
    HostReturn = 9,
    /// A host function failed. Body: [`crate::body::Thrown`]. Value: as in
    /// [`Kind::HostReturn`].
    HostThrow = 10,
    /// Touches pages, so that they are mapped. Body: [`crate::body::Touch`]. No
    /// JavaScript runs.
    Touch = 11,
    /// A [`Kind::Wait`] is over, and no asynchronous host function has ended.
    Elapsed = 12,
    /// Calls a function by name. Target: its name, or the specifier of a module, NUL and
    /// the name of its export. Body: JSON array of arguments. Value: [`call_flags`].
    CallFunction = 13,
    /// Calls a generator function and runs it to its first `yield`. Target, body and
    /// value: as in [`Kind::CallFunction`]. It is answered with [`Kind::Yield`], or with
    /// [`Kind::Done`] when there is nothing to yield.
    Generate = 14,
    /// Runs the generator on to its next `yield`. It is answered as [`Kind::Generate`].
    /// Value: [`call_flags`].
    Next = 15,
    /// Ends the generator: its `finally` blocks run. Value: [`call_flags`].
    Return = 16,
    /// Runs an ES module as a program. Target: the absolute path of its file. Body:
    /// [`crate::body::Program`]. Value: [`call_flags`]. It is answered with [`Kind::Done`]
    /// also when the program fails: the target is its exit code in decimal, the body what it
    /// gave to `__return`.
    Exec = 17,
    /// Puts files, directories and links into the guest's file system. Body: JSON array of
    /// [`crate::body::FileEntry`]; the bytes of the file at an index are the section of that
    /// path.
    PutFiles = 18,
    /// Lists what lies at a path of the guest's file system and below it. Target: the path.
    /// Body: [`crate::body::ListFiles`]. It is answered with [`crate::body::FileList`].
    ListFiles = 19,
    /// Reads from a file of the guest's. Target: its path. Body:
    /// [`crate::body::ReadFile`]. The answer is a `Uint8Array`, empty behind the end.
    ReadFile = 20,

    /// The guest booted and waits for its first frame. Body: empty.
    Ready = 32,
    /// A request succeeded. Body: the result as JSON, or empty for
    /// `undefined`. Value: most heap bytes ever in use (the guest's word).
    Done = 33,
    /// A request failed in guest code. Body: [`crate::body::Thrown`]. Value:
    /// as in [`Kind::Done`].
    Thrown = 34,
    /// The guest calls a host function. Target: `module` NUL `function`.
    /// Body: JSON array of arguments.
    HostCall = 35,
    /// A line for the host's console sink. Target: the level. Body: text. It
    /// is answered with an empty [`Kind::HostReturn`].
    Console = 36,
    /// The guest starts an asynchronous host function. Value: its number, not 0 and
    /// new in this request. Target and body: as in [`Kind::HostCall`], where an empty
    /// module names what is registered for `hostcall`. It is answered with an empty
    /// [`Kind::HostReturn`] of value 0 when it was started.
    HostStart = 37,
    /// The guest no longer wants the result of a [`Kind::HostStart`]. Value: its
    /// number. It is answered with an empty [`Kind::HostReturn`].
    HostCancel = 38,
    /// The guest waits until one of its asynchronous host functions ends, for this many
    /// microseconds at most. Value: microseconds, or `u64::MAX` for no such limit. It is
    /// answered with the [`Kind::HostReturn`] or [`Kind::HostThrow`] of one that ended,
    /// in the order in which they did, or with [`Kind::Elapsed`].
    Wait = 39,
    /// A generator yielded. Body: the value as JSON, or empty for `undefined`. Value:
    /// as in [`Kind::Done`].
    Yield = 40,
    /// A program wrote. Target: `stdout` or `stderr`. Body: text; or `null`, and the
    /// one section holds bytes. It is answered with an empty [`Kind::HostReturn`].
    Output = 41,
    /// The guest does something in a mount. Body: [`crate::mount::MountRequest`]; what is
    /// written is the one section. It is answered with a [`Kind::HostReturn`] whose body is a
    /// `Result` of [`crate::mount::MountReply`] or [`crate::mount::Errno`], and whose section
    /// is what was read.
    Mount = 42,
    /// The guest wants TypeScript without its types. Target: the file's name. Body: source
    /// text. It is answered with a [`Kind::HostReturn`] whose body is JavaScript as it is.
    TypeScript = 43,
}

impl Kind {
    /// Whether this kind travels from the host into the guest.
    #[must_use]
    pub const fn is_to_guest(self) -> bool {
        (self as u16) < 32
    }
}
