//! node:fs: what files are like. The results are those that Node.js gives.

use super::check;

#[test]
fn files_have_attributes() {
    check(&[
        (
            r#"fs.writeFileSync('a', 'abc'); const s = fs.statSync('a'); return [Object.keys(s), s.isFile(), s.isDirectory(), s.isSymbolicLink(), s.isFIFO(), s.isSocket(), s.isBlockDevice(), s.isCharacterDevice(), s.size, s.nlink, s.mode.toString(8), s.mtime instanceof Date, s.blksize, s.uid, s.gid, s instanceof fs.Stats, s.ino > 0, s.mtimeMs > 0]"#,
            r#"[["dev","mode","nlink","uid","gid","rdev","blksize","ino","size","blocks","atimeMs","mtimeMs","ctimeMs","birthtimeMs","atime","mtime","ctime","birthtime"],true,false,false,false,false,false,false,3,1,"100644",true,4096,0,0,true,true,true]"#,
        ),
        (
            r#"fs.writeFileSync('a', 'abc'); fs.utimesSync('a', 1.5, 2.25); const s = fs.statSync('a', { bigint: true }); return [Object.keys(s), ...[s.size, s.mtimeMs, s.mtimeNs, s.atimeNs, s.nlink].map(String), s.isFile(), s.mtime.toISOString()]"#,
            r#"[["dev","mode","nlink","uid","gid","rdev","blksize","ino","size","blocks","atimeMs","mtimeMs","ctimeMs","birthtimeMs","atimeNs","mtimeNs","ctimeNs","birthtimeNs","atime","mtime","ctime","birthtime"],"3","2250","2250000000","1500000000","1",true,"1970-01-01T00:00:02.250Z"]"#,
        ),
        (
            r#"fs.writeFileSync('a', ''); fs.utimesSync('a', new Date(1000), '2'); const one = fs.statSync('a'); const fd = fs.openSync('a', 'r+'); fs.futimesSync(fd, 3, 4.5); const two = fs.fstatSync(fd); fs.closeSync(fd); fs.symlinkSync('a', 'l'); fs.lutimesSync('l', 7, 8); return [one.atimeMs, one.mtimeMs, one.mtime.toJSON(), two.atimeMs, two.mtimeMs, fs.lstatSync('l').mtimeMs, fs.statSync('l').mtimeMs]"#,
            r#"[1000,2000,"1970-01-01T00:00:02.000Z",3000,4500,8000,4500]"#,
        ),
        (
            r#"fs.writeFileSync('a', ''); fs.chmodSync('a', 0o751); const m = () => (fs.statSync('a').mode & 0o7777).toString(8); const r = [m()]; fs.chmodSync('a', '640'); r.push(m()); const fd = fs.openSync('a'); fs.fchmodSync(fd, 0o444); r.push(m()); fs.fchownSync(fd, 0, 0); fs.closeSync(fd); fs.chownSync('a', 0, 0); return [r, fs.accessSync('a'), fs.accessSync('a', fs.constants.R_OK)]"#,
            r#"[["751","640","444"],null,null]"#,
        ),
        (
            r#"const s = fs.statfsSync('.'); const b = await fsp.statfs('.', { bigint: true }); return [Object.keys(s), s.bsize, typeof s.blocks, typeof b.bfree, s.bfree <= s.blocks]"#,
            r#"[["type","bsize","blocks","bfree","bavail","files","ffree"],4096,"number","bigint",true]"#,
        ),
        (
            r#"const known = Object.entries(fs.constants).filter(([name]) => !name.startsWith('EXTENSIONLESS')); return [known.map(k => k.join(' ')).join(), Object.getPrototypeOf(fs.constants), fs.F_OK, fs.R_OK, fs.W_OK, fs.X_OK, fsp.constants === fs.constants, fs.promises === fsp.default]"#,
            r#"["UV_FS_SYMLINK_DIR 1,UV_FS_SYMLINK_JUNCTION 2,O_RDONLY 0,O_WRONLY 1,O_RDWR 2,UV_DIRENT_UNKNOWN 0,UV_DIRENT_FILE 1,UV_DIRENT_DIR 2,UV_DIRENT_LINK 3,UV_DIRENT_FIFO 4,UV_DIRENT_SOCKET 5,UV_DIRENT_CHAR 6,UV_DIRENT_BLOCK 7,S_IFMT 61440,S_IFREG 32768,S_IFDIR 16384,S_IFCHR 8192,S_IFBLK 24576,S_IFIFO 4096,S_IFLNK 40960,S_IFSOCK 49152,O_CREAT 64,O_EXCL 128,UV_FS_O_FILEMAP 0,O_NOCTTY 256,O_TRUNC 512,O_APPEND 1024,O_DIRECTORY 65536,O_NOATIME 262144,O_NOFOLLOW 131072,O_SYNC 1052672,O_DSYNC 4096,O_DIRECT 16384,O_NONBLOCK 2048,S_IRWXU 448,S_IRUSR 256,S_IWUSR 128,S_IXUSR 64,S_IRWXG 56,S_IRGRP 32,S_IWGRP 16,S_IXGRP 8,S_IRWXO 7,S_IROTH 4,S_IWOTH 2,S_IXOTH 1,F_OK 0,R_OK 4,W_OK 2,X_OK 1,UV_FS_COPYFILE_EXCL 1,COPYFILE_EXCL 1,UV_FS_COPYFILE_FICLONE 2,COPYFILE_FICLONE 2,UV_FS_COPYFILE_FICLONE_FORCE 4,COPYFILE_FICLONE_FORCE 4",null,0,4,2,1,true,true]"#,
        ),
    ]);
}
