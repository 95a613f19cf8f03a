//! What crossing the boundary costs: calls, host functions, restores, payloads.
//!
//! `floor/empty_exit` is what this machine's hypervisor takes to leave a guest and
//! enter it again; read everything else as a multiple of it, and the groups that
//! have a `native` side by the difference to that.
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on ends")]

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use hypercell::{Bytes, CallOptions, Engine, HostModule, Limits, Sandbox, Snapshot};
use hypercell_benches::{
    handlers::{self, DOCUMENT_LENGTHS},
    limits,
    native::{HOST_FUNCTION, Native},
    spawn,
};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Times per sample of what takes a millisecond or so.
const SLOW_SAMPLES: usize = 20;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(60)
        .configure_from_args();
    let engine = Engine::new().expect("there is a hypervisor");
    floor(&mut criterion, &engine);
    calls(&mut criterion, &engine);
    host_calls(&mut criterion, &engine);
    monitors(&mut criterion, &engine);
    restores(&mut criterion, &engine);
    clean_calls(&mut criterion, &engine);
    json(&mut criterion, &engine);
    binary(&mut criterion, &engine);
    criterion.final_summary();
}

fn options() -> CallOptions {
    CallOptions::new().without_gc()
}

/// A sandbox with one handler, which was called once, and its snapshot.
fn prepared(engine: &Engine, limits: Limits, source: &str, event: &str) -> (Sandbox, Snapshot) {
    let (module, function) = HOST_FUNCTION;
    let host = HostModule::new(module).function(function, |number: f64| number + 1.0);
    let mut sandbox = engine.sandbox().limits(limits).host_module(host).build().expect("a sandbox");
    sandbox.add_handler("bench", source).expect("a handler");
    call(&mut sandbox, event);
    let snapshot = sandbox.snapshot().expect("a snapshot");
    (sandbox, snapshot)
}

fn call(sandbox: &mut Sandbox, event: &str) -> String {
    sandbox.call_json("bench", event, &options()).expect("a result")
}

fn prepared_natively(source: &str) -> Native {
    let mut native = Native::new().expect("an engine");
    native.add_handler("bench", source).expect("a handler");
    native
}

/// The host's own costs, where the VMM can tell. Every sample is a measurement of its
/// own.
fn floor(criterion: &mut Criterion, engine: &Engine) {
    if engine.floor().expect("the floor").is_none() {
        println!("floor: the VMM `{}` cannot tell", engine.vmm());
        return;
    }
    let mut group = criterion.benchmark_group("floor");
    group.sample_size(10).warm_up_time(Duration::from_millis(1));
    let mut bench = |name: &str, pick: fn(hypercell::Floor) -> Duration| {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let floor = pick(engine.floor().expect("the floor").expect("it could tell before"));
                floor.mul_f64(times as f64)
            });
        });
    };
    bench("empty_exit", |floor| floor.exit);
    bench("ioctl", |floor| floor.ioctl);
    bench("vm_create", |floor| floor.vm_create);
}

/// A small handler that changes one field of a nested event.
fn calls(criterion: &mut Criterion, engine: &Engine) {
    let mut group = criterion.benchmark_group("call");
    let (mut sandbox, _) = prepared(engine, limits::sandbox(), handlers::SMALL, handlers::SMALL_EVENT);
    let mut native = prepared_natively(handlers::SMALL);
    group.bench_function("native_call", |bencher| {
        bencher.iter(|| native.call_json("bench", handlers::SMALL_EVENT).expect("a result"));
    });
    group.bench_function("warm_call", |bencher| bencher.iter(|| call(&mut sandbox, handlers::SMALL_EVENT)));
    group.bench_function("warm_call_gc", |bencher| {
        let options = CallOptions::new();
        bencher.iter(|| sandbox.call_json("bench", handlers::SMALL_EVENT, &options).expect("a result"));
    });
}

/// A handler that calls the host a hundred times: the call itself, by a hundred, is
/// the error that this makes.
fn host_calls(criterion: &mut Criterion, engine: &Engine) {
    const CALLS: u64 = 100;
    let event = CALLS.to_string();
    let mut group = criterion.benchmark_group("host_call");
    group.throughput(Throughput::Elements(CALLS));
    let (mut sandbox, _) = prepared(engine, limits::sandbox(), handlers::CALLS_HOST, "0");
    let mut native = prepared_natively(handlers::CALLS_HOST);
    let per_call = |spent: Duration| spent.div_f64(CALLS as f64);
    group.bench_function("native", |bencher| {
        bencher.iter_custom(|times| {
            per_call(timed(times, || native.call_json("bench", &event).expect("a result")))
        });
    });
    group.bench_function("vm", |bencher| {
        bencher.iter_custom(|times| per_call(timed(times, || call(&mut sandbox, &event))));
    });
}

/// The same call with both monitors, with one, and without.
fn monitors(criterion: &mut Criterion, engine: &Engine) {
    let mut group = criterion.benchmark_group("monitors");
    let limits = limits::sandbox;
    for (name, limits) in [
        ("both", limits()),
        ("wall_only", limits().unlimited_cpu()),
        ("cpu_only", limits().unlimited_wall()),
        ("none", limits().unlimited_wall().unlimited_cpu()),
    ] {
        let (mut sandbox, _) = prepared(engine, limits, handlers::SMALL, handlers::SMALL_EVENT);
        group.bench_function(name, |bencher| bencher.iter(|| call(&mut sandbox, handlers::SMALL_EVENT)));
    }
}

/// Restoring a sandbox whose call wrote to so many pages of a large array, on top of
/// the few that every call writes to.
fn restores(criterion: &mut Criterion, engine: &Engine) {
    let mut group = criterion.benchmark_group("restore");
    for pages in [0, 1, 16, 64, 256, 1024] {
        // Pages that became a sandbox's own once are copied back at every later restore.
        let (mut sandbox, snapshot) = prepared(engine, limits::sandbox(), handlers::DIRTIES_PAGES, "1");
        let event = pages.to_string();
        group.bench_function(BenchmarkId::from_parameter(pages), |bencher| {
            bencher.iter_custom(|times| {
                let mut spent = Duration::ZERO;
                for _ in 0..times {
                    call(&mut sandbox, &event);
                    spent += timed(1, || sandbox.restore(&snapshot).expect("a restored sandbox"));
                }
                spent
            });
        });
    }
}

/// Calls that find a clean VM: the same one restored, a new one, and a recycled one.
fn clean_calls(criterion: &mut Criterion, engine: &Engine) {
    let mut group = criterion.benchmark_group("clean");
    let (mut sandbox, snapshot) = prepared(engine, limits::sandbox(), handlers::SMALL, handlers::SMALL_EVENT);
    group.bench_function("restore_call", |bencher| {
        bencher.iter(|| {
            sandbox.restore(&snapshot).expect("a restored sandbox");
            call(&mut sandbox, handlers::SMALL_EVENT)
        });
    });
    group.sample_size(SLOW_SAMPLES);
    // Short, so that few VMs are alive, and are closed before the next sample.
    group.sampling_mode(SamplingMode::Flat).warm_up_time(Duration::from_millis(100));
    group.bench_function("spawn_call_new", |bencher| {
        bencher.iter_custom(|times| {
            let mut alive = spawn::drain(&snapshot).expect("other sandboxes");
            let mut spent = Duration::ZERO;
            for _ in 0..times {
                let started = Instant::now();
                let mut spawned = snapshot.spawn().expect("another sandbox");
                black_box(call(&mut spawned, handlers::SMALL_EVENT));
                spent += started.elapsed();
                alive.push(spawned);
            }
            spent
        });
    });
    // Every sandbox gets the VM of the one before it, if the engine has it ready by then.
    group.bench_function("spawn_call_drop", |bencher| {
        bencher.iter(|| call(&mut snapshot.spawn().expect("another sandbox"), handlers::SMALL_EVENT));
    });
    group.bench_function("native_engine_call", |bencher| {
        bencher.iter(|| {
            prepared_natively(handlers::SMALL).call_json("bench", handlers::SMALL_EVENT).expect("a result")
        });
    });
}

/// JSON documents into a handler that looks at them, and out of one that has them.
fn json(criterion: &mut Criterion, engine: &Engine) {
    let mut group = criterion.benchmark_group("json");
    group.sample_size(SLOW_SAMPLES);
    for (name, length) in DOCUMENT_LENGTHS {
        let document = handlers::document(length);
        group.throughput(Throughput::Bytes(document.len() as u64));
        for (way, source) in [("in", handlers::READS), ("out", handlers::WRITES)] {
            let (mut sandbox, _) = prepared(engine, limits::sandbox(), source, &document);
            let mut native = prepared_natively(source);
            native.call_json("bench", &document).expect("a result");
            // The handler that writes has kept the first document, and writes it for `null`.
            let event = if way == "in" { document.as_str() } else { "null" };
            group.bench_function(BenchmarkId::new(format!("{way}_native"), name), |bencher| {
                bencher.iter(|| native.call_json("bench", event).expect("a result"));
            });
            group.bench_function(BenchmarkId::new(format!("{way}_vm"), name), |bencher| {
                bencher.iter(|| call(&mut sandbox, event));
            });
        }
    }
}

/// A mebibyte of bytes into a handler that looks at it, and out of one that has it.
fn binary(criterion: &mut Criterion, engine: &Engine) {
    const LENGTH: usize = 1 << 20;
    let bytes = Bytes(vec![7; LENGTH]);
    let mut group = criterion.benchmark_group("binary_1mib");
    group.throughput(Throughput::Bytes(LENGTH as u64));
    let (mut sandbox, _) = prepared(engine, limits::sandbox(), handlers::BINARY, "[]");
    let mut native = prepared_natively(handlers::BINARY);
    let options = options();
    group.bench_function("in_native", |bencher| {
        bencher.iter(|| native.give_bytes("bench", &bytes).expect("a result"));
    });
    group.bench_function("in_vm", |bencher| {
        bencher.iter(|| sandbox.call_with::<usize>("bench", &bytes, &options).expect("a result"));
    });
    group.bench_function("out_native", |bencher| {
        bencher.iter(|| native.take_bytes("bench").expect("a result"));
    });
    group.bench_function("out_vm", |bencher| {
        bencher.iter(|| sandbox.call_with::<Bytes>("bench", &(), &options).expect("a result"));
    });
}

/// How long `times` runs of `work` take.
fn timed<R>(times: u64, mut work: impl FnMut() -> R) -> Duration {
    let started = Instant::now();
    for _ in 0..times {
        black_box(work());
    }
    started.elapsed()
}
