//! Readable, writable and transform streams.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use support::{PATCHES, guest};

/// What the body of an asynchronous function gives, as JSON text.
fn value(source: &str) -> String {
    guest().value(&format!(
        "const caught = promise => promise.then(() => 'fulfilled', error => error.name ?? error);
         const turns = async (n = 20) => {{ while (n--) await undefined }};
         export default await (async () => {{ {source} }})()"
    ))
}

#[test]
fn a_stream_pulls_as_much_as_its_strategy_says_and_what_is_read() {
    assert_eq!(
        value(
            "const seen = []; let n = 0;
             const stream = new ReadableStream({
                 start(c) { seen.push('start ' + c.desiredSize) },
                 pull(c) { c.enqueue(n++); seen.push(c.desiredSize); if (n === 4) c.close() },
             }, { highWaterMark: 2 });
             await turns();
             const reader = stream.getReader(), read = [];
             for (let r; !(r = await reader.read()).done;) read.push(r.value);
             await reader.closed;
             return [seen, read, await reader.read()]"
        ),
        r#"[["start 2",1,0,0,0],[0,1,2,3],{"done":true}]"#
    );
}

#[test]
fn an_error_ends_a_stream_at_once_with_what_it_holds() {
    assert_eq!(
        value(
            "let controller; const stream = new ReadableStream({ start(c) { controller = c; c.enqueue('lost') } });
             const reader = stream.getReader(); controller.error('why'); controller.error('again');
             let thrown; try { controller.enqueue(1) } catch (error) { thrown = error.name }
             return [await caught(reader.read()), await caught(reader.closed), await caught(reader.cancel()), controller.desiredSize, thrown]"
        ),
        r#"["why","why","why",null,"TypeError"]"#
    );
}

#[test]
fn a_released_reader_gives_up_what_it_waits_for_and_the_stream_goes_on() {
    assert_eq!(
        value(
            "let controller; const stream = new ReadableStream({ start(c) { controller = c } });
             const first = stream.getReader(), waits = caught(first.read()), closed = caught(first.closed);
             const locked = [stream.locked, await caught(stream.cancel())];
             first.releaseLock(); first.releaseLock();
             const second = stream.getReader(); controller.enqueue('kept');
             return [await waits, await closed, locked, await caught(first.read()), (await second.read()).value]"
        ),
        r#"["TypeError","TypeError",[true,"TypeError"],"TypeError","kept"]"#
    );
}

#[test]
fn iteration_cancels_the_stream_unless_it_is_told_not_to() {
    assert_eq!(
        value(
            "const make = () => new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.enqueue(3); c.close() }, cancel(r) { seen.push('cancel ' + r) } });
             const seen = [];
             for await (const n of make()) { seen.push(n); if (n === 2) break }
             const kept = make();
             for await (const n of kept.values({ preventCancel: true })) break;
             for await (const n of kept) seen.push('kept ' + n);
             const iterator = make().values(), all = await Promise.all([iterator.next(), iterator.next(), iterator.return('r'), iterator.next()]);
             return [seen, all.map(r => [r.value, r.done])]"
        ),
        r#"[[1,2,"cancel undefined","kept 2","kept 3","cancel r"],[[1,false],[2,false],["r",true],[null,true]]]"#
    );
}

#[test]
fn a_stream_comes_from_any_iterable() {
    assert_eq!(
        value(
            "const collect = async stream => { const all = []; for await (const x of stream) all.push(x); return all };
             const seen = [];
             async function* numbers() { try { yield 1; yield 2 } finally { seen.push('closed') } }
             const stream = ReadableStream.from(numbers()), reader = stream.getReader();
             await reader.read(); await reader.cancel('enough');
             const refused = [];
             for (const bad of [undefined, null, 1, {}, { [Symbol.iterator]: 1 }, { [Symbol.asyncIterator]: () => 1 }])
                 try { ReadableStream.from(bad) } catch (error) { refused.push(error.name) }
             return [await collect(ReadableStream.from([Promise.resolve('a'), 'b'])), await collect(ReadableStream.from('hé')), await collect(ReadableStream.from(numbers())), seen, refused.length,
                 await caught(ReadableStream.from({ [Symbol.iterator]: () => ({ next: () => 1 }) }).getReader().read())]"
        ),
        r#"[["a","b"],["h","é"],[1,2],["closed","closed"],6,"TypeError"]"#
    );
}

#[test]
fn both_branches_of_a_tee_get_all_and_cancel_together() {
    assert_eq!(
        value(
            "const seen = []; let n = 0;
             const make = () => new ReadableStream({ pull(c) { c.enqueue(++n); if (n === 3) c.close() }, cancel(r) { seen.push(r) } });
             const collect = async stream => { const all = []; for await (const x of stream) all.push(x); return all };
             const source = make(), [a, b] = source.tee(), locked = source.locked;
             const all = [await collect(a), await collect(b)];
             n = 0; const [c, d] = make().tee();
             const cancelled = c.cancel('one'); await turns(); const early = seen.length; await d.cancel('two'); await cancelled;
             return [locked, all, early, seen]"
        ),
        r#"[true,[[1,2,3],[1,2,3]],0,[["one","two"]]]"#
    );
}

#[test]
fn a_reader_of_bytes_has_its_own_buffer_filled() {
    assert_eq!(
        value(
            "let requests = 0;
             const stream = new ReadableStream({ type: 'bytes', pull(c) {
                 const { byobRequest } = c, { view } = byobRequest;
                 if (++requests === 3) { c.close(); byobRequest.respond(0); return }
                 view[0] = requests; byobRequest.respond(1);
             } });
             const reader = stream.getReader({ mode: 'byob' }), mine = new Uint8Array(4), { buffer } = mine;
             const first = await reader.read(mine.subarray(1)), { value } = first;
             const told = [first.done, value.byteOffset, ...value], { value: view } = await reader.read(new DataView(value.buffer, 2));
             told.push(view.byteOffset, view.byteLength, view.getUint8(0));
             const end = await reader.read(new Uint16Array(view.buffer));
             return [buffer.detached, told, end.done, end.value.length, end.value.buffer.byteLength]"
        ),
        "[true,[false,1,1,2,1,2],true,0,4]"
    );
}

#[test]
fn a_read_with_a_minimum_waits_for_it_and_what_is_too_much_stays() {
    assert_eq!(
        value(
            "let controller; const stream = new ReadableStream({ type: 'bytes', start(c) { controller = c } });
             const reader = stream.getReader({ mode: 'byob' });
             const read = reader.read(new Uint16Array(4), { min: 2 });
             controller.enqueue(new Uint8Array([1, 0, 2])); let early = true; read.then(() => early = false); await turns();
             const waited = early; controller.enqueue(new Uint8Array([0, 3]));
             const { value } = await read, rest = await reader.read(new Uint8Array(4));
             return [waited, [...value], [...rest.value],
                 await caught(reader.read(new Uint8Array(2), { min: 0 })), await caught(reader.read(new Uint8Array(2), { min: 3 })), await caught(reader.read(new Uint8Array(0)))]"
        ),
        r#"[true,[1,2],[3],"TypeError","RangeError","TypeError"]"#
    );
}

#[test]
fn a_request_is_answered_with_a_view_on_the_same_bytes_only() {
    assert_eq!(
        value(
            "const answer = respond => {
                 let told; const stream = new ReadableStream({ type: 'bytes', pull(c) {
                     try { respond(c.byobRequest) } catch (error) { told = error.name; c.error('stop') }
                 } });
                 return caught(stream.getReader({ mode: 'byob' }).read(new Uint8Array(4))).then(came => told ?? came);
             };
             return Promise.all([
                 answer(r => r.respondWithNewView(new Uint8Array(r.view.buffer.transfer(), 0, 2))),
                 answer(r => r.respondWithNewView(new Uint8Array(r.view.buffer, 1, 2))),
                 answer(r => r.respondWithNewView(new Uint8Array(r.view.buffer, 0, 0))),
                 answer(r => r.respondWithNewView(new Uint8Array(5))),
                 answer(r => r.respond(5)),
                 answer(r => { r.view.buffer.transfer(); r.respond(1) }),
             ])"
        ),
        r#"["fulfilled","RangeError","TypeError","RangeError","RangeError","TypeError"]"#
    );
}

#[test]
fn a_writer_waits_while_the_sink_is_behind() {
    assert_eq!(
        value(
            "const seen = []; let done;
             const stream = new WritableStream({ write(chunk) { seen.push(chunk); return new Promise(r => done = r) }, close() { seen.push('close') } }, { highWaterMark: 2 });
             const writer = stream.getWriter(); await writer.ready;
             const sizes = [writer.desiredSize]; writer.write('a'); sizes.push(writer.desiredSize); writer.write('b'); sizes.push(writer.desiredSize);
             let ready = false; writer.ready.then(() => ready = true); await turns();
             const before = [ready, [...seen]]; done(); await turns(); const after = [ready, [...seen]];
             const closed = writer.close(); done(); await closed;
             return [sizes, before, after, seen, writer.desiredSize, await caught(writer.write('late'))]"
        ),
        r#"[[2,1,0],[false,["a"]],[true,["a","b"]],["a","b","close"],0,"TypeError"]"#
    );
}

#[test]
fn abort_waits_for_what_is_written_and_drops_the_rest() {
    assert_eq!(
        value(
            "const seen = []; let done;
             const stream = new WritableStream({ write(chunk) { seen.push(chunk); return new Promise(r => done = r) }, abort(reason) { seen.push(reason) } });
             const writer = stream.getWriter(); await writer.ready;
             const writes = [caught(writer.write(1)), caught(writer.write(2))], aborted = writer.abort('why');
             await turns(); const before = [...seen]; done(); await aborted;
             return [before, seen, await Promise.all(writes), await caught(writer.closed), await caught(writer.ready), writer.desiredSize, await caught(writer.abort())]"
        ),
        r#"[[1],[1,"why"],["fulfilled","why"],"why","why",null,"fulfilled"]"#
    );
}

#[test]
fn piping_closes_the_destination_and_unlocks_both() {
    assert_eq!(
        value(
            "const seen = [], source = ReadableStream.from([1, 2]), dest = new WritableStream({ write(c) { seen.push(c) }, close() { seen.push('close') } });
             const piped = source.pipeTo(dest), locked = [source.locked, dest.locked]; await piped;
             const open = new WritableStream({ close() { seen.push('never') } });
             await ReadableStream.from([]).pipeTo(open, { preventClose: true });
             return [seen, locked, source.locked, dest.locked, await caught(open.getWriter().ready), await caught(source.pipeTo({})), await caught(ReadableStream.from([]).pipeTo(dest, { signal: {} }))]"
        ),
        r#"[[1,2,"close"],[true,true],false,false,"fulfilled","TypeError","TypeError"]"#
    );
}

#[test]
fn errors_cross_a_pipe_in_both_directions_unless_they_are_kept() {
    assert_eq!(
        value(
            "const run = async (options, failing) => {
                 const seen = [], source = new ReadableStream({
                     start(c) { if (failing === 'source') c.error('from source'); else c.enqueue(1) },
                     cancel(r) { seen.push('cancel ' + r) },
                 });
                 const dest = new WritableStream({ write() { throw 'from sink' }, abort(r) { seen.push('abort ' + r) } });
                 return [await caught(source.pipeTo(dest, options)), ...seen].join();
             };
             const closed = new WritableStream(); await closed.close();
             return [
                 await run({}, 'source'), await run({ preventAbort: true }, 'source'),
                 await run({}, 'sink'), await run({ preventCancel: true }, 'sink'),
                 await caught(new ReadableStream().pipeTo(closed)),
             ]"
        ),
        r#"["from source,abort from source","from source","from sink,cancel from sink","from sink","TypeError"]"#
    );
}

#[test]
fn a_transform_waits_for_its_reader_and_flushes_at_the_end() {
    assert_eq!(
        value(
            "const seen = [], transform = new TransformStream({
                 transform(chunk, c) { seen.push(chunk); c.enqueue(chunk + chunk) },
                 flush(c) { c.enqueue('end') },
             });
             const writer = transform.writable.getWriter(), reader = transform.readable.getReader();
             writer.write('a'); writer.write('b'); writer.close(); await turns();
             const before = seen.length, read = [];
             for (let r; !(r = await reader.read()).done;) read.push(r.value);
             return [before, seen, read]"
        ),
        r#"[0,["a","b"],["aa","bb","end"]]"#
    );
}

#[test]
fn a_transform_that_fails_or_ends_does_so_on_both_sides() {
    assert_eq!(
        value(
            "const sides = async (transformer, steps) => {
                 const t = new TransformStream(transformer), writer = t.writable.getWriter(), reader = t.readable.getReader();
                 const closed = [caught(reader.closed), caught(writer.closed)];
                 await steps(writer, reader);
                 return Promise.all(closed);
             };
             const read = (writer, reader) => { writer.write(1).catch(() => {}); return reader.read().catch(() => {}) };
             const reasons = [];
             return [
                 await sides({ transform() { throw 'bad' } }, read),
                 await sides({ transform(chunk, c) { c.error('told') } }, read),
                 await sides({ transform(chunk, c) { c.terminate() } }, read),
                 await sides({ cancel(r) { reasons.push(r) } }, (writer, reader) => reader.cancel('enough')),
                 await sides({ cancel(r) { reasons.push(r) } }, writer => writer.abort('gone')),
                 reasons,
             ]"
        ),
        r#"[["bad","bad"],["told","told"],["fulfilled","TypeError"],["fulfilled","enough"],["gone","gone"],["enough","gone"]]"#
    );
}

#[test]
fn strategies_are_checked_and_count_what_they_say() {
    assert_eq!(
        value(
            "const caughtName = f => { try { return f() } catch (error) { return error.name } };
             const count = new CountQueuingStrategy({ highWaterMark: 3 }), bytes = new ByteLengthQueuingStrategy({ highWaterMark: 5 });
             return [
                 count.highWaterMark, count.size({ byteLength: 9 }), count.size.name, bytes.highWaterMark, bytes.size({ byteLength: 9 }),
                 count.size === new CountQueuingStrategy({ highWaterMark: 1 }).size,
                 caughtName(() => new CountQueuingStrategy({})), caughtName(() => new CountQueuingStrategy()),
                 caughtName(() => new ReadableStream({}, { highWaterMark: -1 })), caughtName(() => new WritableStream({}, { highWaterMark: NaN })),
                 caughtName(() => new ReadableStream({ type: 'bytes' }, { size() {} })), caughtName(() => new ReadableStream({ type: 'owning' })),
                 caughtName(() => new ReadableStream({ start(c) { c.enqueue(1) } }, { size: () => -1 })),
             ]"
        ),
        r#"[3,1,"size",5,9,true,"TypeError","TypeError","RangeError","RangeError","RangeError","TypeError","RangeError"]"#
    );
}

#[test]
fn only_streams_are_taken_for_streams() {
    for source in [
        "new ReadableStreamDefaultController()",
        "new ReadableByteStreamController()",
        "new ReadableStreamBYOBRequest()",
        "new WritableStreamDefaultController()",
        "new TransformStreamDefaultController()",
        "new ReadableStreamDefaultReader({})",
        "new ReadableStreamBYOBReader(new ReadableStream())",
        "new WritableStreamDefaultWriter(new ReadableStream())",
        "ReadableStream()",
        "new ReadableStream(null)",
        "new ReadableStream({ pull: 1 })",
        "new WritableStream(null)",
        "new TransformStream({ flush: 1 })",
        "new ReadableStream().pipeThrough({ readable: new ReadableStream(), writable: {} })",
        "Object.create(ReadableStream.prototype).locked",
        "ReadableStream.prototype.getReader.call({})",
        "await ReadableStream.prototype.cancel.call({})",
        "await ReadableStreamDefaultReader.prototype.read.call({})",
        "await WritableStreamDefaultWriter.prototype.write.call({})",
    ] {
        assert_eq!(guest().error(&format!("export default {source}")).name, "TypeError", "{source}");
    }
}

#[test]
fn patched_intrinsics_take_no_part() {
    let source = format!(
        "const expected = 'read 1 read 2 bytes 7 end';
         {PATCHES}
         let seen = '';
         const numbers = new ReadableStream({{ start(c) {{ c.enqueue(1); c.enqueue(2); c.close() }} }});
         const branches = numbers.tee();
         await branches[0].pipeThrough(new TransformStream()).pipeTo(new WritableStream({{ write(n) {{ seen += 'read ' + n + ' ' }} }}));
         await branches[1].cancel();
         const bytes = new ReadableStream({{ type: 'bytes', pull(c) {{ c.byobRequest.respond(1) }} }});
         const reader = bytes.getReader({{ mode: 'byob' }});
         const {{ value }} = await reader.read(new DataView(new ArrayBuffer(7)), {{ min: 7 }});
         seen += 'bytes ' + (value.byteOffset + value.byteLength) + ' ';
         await reader.cancel();
         for await (const n of new ReadableStream({{ start(c) {{ c.enqueue('end'); c.close() }} }})) seen += n;
         export default seen === expected ? 'untouched' : seen"
    );
    assert_eq!(guest().value(&source), r#""untouched""#);
}
