//! How a file is opened.

/// What to do with a file that is opened, or is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a bit of open(2)")]
pub struct Flags {
    /// It may be read.
    pub read: bool,
    /// It may be written.
    pub write: bool,
    /// Writes go to its end.
    pub append: bool,
    /// It is made if it is not there.
    pub create: bool,
    /// It is not there.
    pub exclusive: bool,
    /// It is emptied.
    pub truncate: bool,
    /// It is a directory.
    pub directory: bool,
    /// It is no link.
    pub no_follow: bool,
}

const O_ACCMODE: u32 = 0o3;
const O_WRONLY: u32 = 0o1;
const O_RDWR: u32 = 0o2;
const O_CREAT: u32 = 0o100;
const O_EXCL: u32 = 0o200;
const O_TRUNC: u32 = 0o1000;
const O_APPEND: u32 = 0o2000;
const O_DIRECTORY: u32 = 0o200_000;
const O_NOFOLLOW: u32 = 0o400_000;

impl Flags {
    /// Flags as Node.js writes them: `r`, `r+`, `w`, `wx`, `w+`, `wx+`, `a`, `ax`, `a+`,
    /// `ax+`, and those with `s`, which changes nothing here. None for others.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(Self::from_bits(match text {
            "r" | "rs" | "sr" => 0,
            "r+" | "rs+" | "sr+" => O_RDWR,
            "w" => O_TRUNC | O_CREAT | O_WRONLY,
            "wx" | "xw" => O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
            "w+" => O_TRUNC | O_CREAT | O_RDWR,
            "wx+" | "xw+" => O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
            "a" | "as" | "sa" => O_APPEND | O_CREAT | O_WRONLY,
            "ax" | "xa" => O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
            "a+" | "as+" | "sa+" => O_APPEND | O_CREAT | O_RDWR,
            "ax+" | "xa+" => O_APPEND | O_CREAT | O_RDWR | O_EXCL,
            _ => return None,
        }))
    }

    /// Flags as Linux has them; unknown bits change nothing.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        let access = bits & O_ACCMODE;
        let has = |bit| bits & bit != 0;
        Self {
            read: access != O_WRONLY,
            write: access != 0,
            append: has(O_APPEND),
            create: has(O_CREAT),
            exclusive: has(O_EXCL) && has(O_CREAT),
            truncate: has(O_TRUNC),
            directory: has(O_DIRECTORY),
            no_follow: has(O_NOFOLLOW),
        }
    }

    /// The bits of Linux: to open the file on a host.
    #[must_use]
    pub fn bits(self) -> u32 {
        let access = match (self.read, self.write) {
            (true, true) => O_RDWR,
            (false, true) => O_WRONLY,
            (_, false) => 0,
        };
        [
            (self.append, O_APPEND),
            (self.create, O_CREAT),
            (self.exclusive, O_EXCL),
            (self.truncate, O_TRUNC),
            (self.directory, O_DIRECTORY),
            (self.no_follow, O_NOFOLLOW),
        ]
        .into_iter()
        .fold(access, |bits, (is_set, bit)| if is_set { bits | bit } else { bits })
    }
}
