//! node:events: the results are those that Node.js gives.

use super::check;

#[test]
fn listeners_are_called_in_order_and_once_only_once() {
    check(&[
        (
            r#"const e = new events(), seen = []; e.on('x', v => seen.push(['on', v])); e.prependListener('x', v => seen.push(['first', v])); e.once('x', v => seen.push(['once', v])); return [e.emit('x', 1), e.emit('x', 2), e.emit('y'), seen, e.listenerCount('x'), e.eventNames()]"#,
            r#"[true,true,false,[["first",1],["on",1],["once",1],["first",2],["on",2]],2,["x"]]"#,
        ),
        (
            r#"const e = new events(), seen = []; const f = () => seen.push('f'); e.once('x', f); e.off('x', f); e.emit('x'); e.on('x', f); e.on('x', f); e.removeListener('x', f); e.emit('x'); e.removeAllListeners(); e.emit('x'); return [seen, e.listeners('x').length]"#,
            r#"[["f"],0]"#,
        ),
        (
            r#"const e = new events(), seen = []; e.on('newListener', (type, f) => seen.push(['new', type])); e.on('removeListener', type => seen.push(['removed', type])); const f = () => {}; e.on('a', f); e.off('a', f); e.removeAllListeners(); return seen"#,
            r#"[["new","removeListener"],["new","a"],["removed","a"],["removed","newListener"]]"#,
        ),
        (
            r#"function Old() { events.call(this) } util.inherits(Old, events); const o = new Old(); let n = 0; o.on('x', function () { n += this === o ? 1 : 0 }); o.emit('x'); return [n, o instanceof events, Old.super_ === events]"#,
            r#"[1,true,true]"#,
        ),
    ]);
}

#[test]
fn errors_that_nobody_listens_to_are_thrown() {
    check(&[
        (
            r#"try { new events().emit('error', new RangeError('r')) } catch (e) { return [e.name, e.message] }"#,
            r#"["RangeError","r"]"#,
        ),
        (
            r#"try { new events().emit('error', { a: 1 }) } catch (e) { return [e.name, e.code, e.message, e.context] }"#,
            r#"["Error","ERR_UNHANDLED_ERROR","Unhandled error. ({ a: 1 })",{"a":1}]"#,
        ),
        (
            r#"const e = new events(), seen = []; e.on(events.errorMonitor, x => seen.push(x.message)); try { e.emit('error', new Error('m')) } catch (x) { seen.push('thrown') } return seen"#,
            r#"["m","thrown"]"#,
        ),
        (
            r#"try { new events().on('x', 1) } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["TypeError","ERR_INVALID_ARG_TYPE","The \"listener\" argument must be of type function. Received type number (1)"]"#,
        ),
        (
            r#"try { new events().setMaxListeners(-1) } catch (e) { return [e.name, e.code, e.message] }"#,
            r#"["RangeError","ERR_OUT_OF_RANGE","The value of \"setMaxListeners\" is out of range. It must be >= 0. Received -1"]"#,
        ),
        (
            r#"const e = new events({ captureRejections: true }); const p = events.once(e, 'error').catch(x => x); e.on('x', async () => { throw new Error('late') }); const got = new Promise(r => e.on('error', r)); e.emit('x'); return (await got).message"#,
            r#""late""#,
        ),
    ]);
}

#[test]
fn events_are_awaited() {
    check(&[
        (
            r#"const e = new events(); setTimeout(() => e.emit('x', 1, 2)); return await events.once(e, 'x')"#,
            r#"[1,2]"#,
        ),
        (
            r#"const e = new events(); setTimeout(() => e.emit('error', new Error('no'))); return await events.once(e, 'x').catch(x => x.message)"#,
            r#""no""#,
        ),
        (
            r#"const e = new events(), seen = []; setTimeout(() => { e.emit('x', 1); e.emit('x', 2); e.emit('end') }); for await (const v of events.on(e, 'x', { close: ['end'] })) seen.push(v); return seen"#,
            r#"[[1],[2]]"#,
        ),
        (
            r#"const t = new EventTarget(); setTimeout(() => t.dispatchEvent(new Event('x'))); return (await events.once(t, 'x'))[0].type"#,
            r#""x""#,
        ),
        (
            r#"const c = new AbortController(); setTimeout(() => c.abort()); return await events.once(new events(), 'x', { signal: c.signal }).catch(x => [x.name, x.code])"#,
            r#"["AbortError","ABORT_ERR"]"#,
        ),
    ]);
}
