//! What the guest's file system is filled with, and how a tree of files gets back to the
//! host. Only [`FileTree::write_to`] writes on the host, and only into its folder.

mod archive;
mod export;
mod folder;
mod limits;
mod path;
mod tar;
#[cfg(test)]
mod tests;
mod tree;
mod zip;

pub use limits::FileLimits;
pub use tree::{FileEntry, FileTree};
