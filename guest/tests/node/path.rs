//! node:path: the results are those that Node.js gives.

use super::check;

#[test]
fn paths_are_joined_split_and_resolved() {
    check(&[
        (
            r#"return [path.join('/a', '..', 'b', './c/'), path.join(''), path.normalize('/a//b/../c/.'), path.resolve('/a', 'b', '../c'), path.relative('/a/b/c', '/a/d'), path.isAbsolute('a'), path.sep, path.delimiter]"#,
            r#"["/b/c/",".","/a/c","/a/c","../../d",false,"/",":"]"#,
        ),
        (
            r#"return [path.basename('/a/b.html'), path.basename('/a/b.html', '.html'), path.dirname('/a/b/c'), path.dirname('a'), path.extname('a.b.c'), path.extname('.a'), path.extname('a.')]"#,
            r#"["b.html","b","/a/b",".",".c","","."]"#,
        ),
        (
            r#"return ['/home/u/file.txt', '/', '', './a/b', '.bashrc', 'a//b', '/a/b/'].map(path.parse)"#,
            r#"[{"root":"/","dir":"/home/u","base":"file.txt","ext":".txt","name":"file"},{"root":"/","dir":"/","base":"","ext":"","name":""},{"root":"","dir":"","base":"","ext":"","name":""},{"root":"","dir":"./a","base":"b","ext":"","name":"b"},{"root":"","dir":"","base":".bashrc","ext":"","name":".bashrc"},{"root":"","dir":"a/","base":"b","ext":"","name":"b"},{"root":"/","dir":"/a","base":"b","ext":"","name":"b"}]"#,
        ),
        (
            r#"return [path.format({ dir: '/a', base: 'b.c' }), path.format({ root: '/', name: 'a', ext: 'b' }), path.format({ dir: '/', root: '/', base: 'x' })]"#,
            r#"["/a/b.c","/a.b","/x"]"#,
        ),
        (
            r#"return [path.win32.join('a', '..', 'b\\c'), path.win32.basename('C:\\a\\b.c'), path.win32.parse('C:\\a\\b.c'), path.win32.resolve('C:\\a', '..', 'D'), path.win32.isAbsolute('C:/'), path.posix === path]"#,
            r#"["b\\c","b.c",{"root":"C:\\","dir":"C:\\a","base":"b.c","ext":".c","name":"b"},"C:\\D",true,true]"#,
        ),
        (
            r#"try { path.join('a', 1) } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["TypeError","ERR_INVALID_ARG_TYPE","The \"path\" argument must be of type string. Received type number (1)"]"#,
        ),
    ]);
}
