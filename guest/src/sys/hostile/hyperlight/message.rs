//! Messages that are not what they say.
//!
//! `message:WHAT` spoils the answer to the order itself: `kind:N`, `id:N`,
//! `reserved`, `payload:N`, `control:N`, `garbage:N`, `empty`, `type:NAME`, `error:N`
//! with a text of so many bytes, `call`. `host:WHAT` is a host call with one thing
//! wrong: the same, and `name`, `print`, `types`, `nothing`, `many`, `no-room`,
//! `room:N`, `room-address:N`.

use super::{
    super::control::native,
    ring::{self, Chain, Random},
    supervisor,
};
use alloc::{string::String, vec, vec::Vec};
use flatbuffers::FlatBufferBuilder;
use hypercell_common::hyperlight::HOST_FUNCTION;
use hyperlight_common::{
    flatbuffer_wrappers::{
        ExternalValueSink,
        function_call::{FunctionCall, FunctionCallType},
        function_types::{Bytes, FunctionCallResult, ParameterValue, ReturnType, ReturnValue},
        guest_error::{ErrorCode, GuestError},
        guest_log_data::GuestLogData,
        guest_log_level::LogLevel,
    },
    transport::{MsgHeader, MsgKind},
};

/// Where the fields of a header are.
const KIND: usize = 0;
const RESERVED: usize = 1;
const ID: usize = 4;
const PAYLOAD: usize = 8;

/// Bytes that belong to nothing are not sent.
struct Nowhere;

impl<'a> ExternalValueSink<'a> for Nowhere {
    fn push_bytes(&mut self, _: &'a [u8]) -> anyhow::Result<()> {
        Ok(())
    }

    fn push_chunks(&mut self, _: &'a [Bytes]) -> anyhow::Result<()> {
        Ok(())
    }
}

fn patch(bytes: &mut [u8], at: usize, with: &[u8]) {
    if let Some(place) = bytes.get_mut(at..).and_then(|rest| rest.get_mut(..with.len())) {
        place.copy_from_slice(with);
    }
}

/// Puts other control data behind the header, and nothing behind that.
fn replace_control(chain: &Chain, control: &[u8]) {
    chain.rewrite(|bytes| {
        bytes.truncate(MsgHeader::SIZE);
        bytes.extend_from_slice(control);
        let payload = u32::try_from(control.len()).unwrap_or(u32::MAX);
        patch(bytes, PAYLOAD, &payload.to_le_bytes());
    });
    chain.change(1, |frame| frame.len = 0);
}

fn result(result: Result<ReturnValue, GuestError>) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    FunctionCallResult::new(result).encode(&mut builder, &mut Nowhere).map(<[u8]>::to_vec).unwrap_or_default()
}

fn call(name: &str, parameters: Vec<ParameterValue>, kind: FunctionCallType, result: ReturnType) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    FunctionCall::new(name.into(), Some(parameters), kind, result)
        .encode(&mut builder, &mut Nowhere)
        .map(<[u8]>::to_vec)
        .unwrap_or_default()
}

/// A text with what a terminal would obey.
fn rude(len: u64) -> String {
    "\u{1b}[31mrude\r\n\u{7}".chars().cycle().take(usize::try_from(len).unwrap_or(0)).collect()
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(u64::MAX)
}

/// What an answer and a host call can both have wrong; `false` when it is none of it.
fn spoil(chain: &Chain, how: &str, with: &str) -> bool {
    let bytes = number(with).to_le_bytes();
    match how {
        "kind" => chain.rewrite(|message| patch(message, KIND, &bytes[..1])),
        "reserved" => chain.rewrite(|message| patch(message, RESERVED, &[1, 2, 3])),
        "id" => chain.rewrite(|message| patch(message, ID, &bytes[..4])),
        "payload" => chain.rewrite(|message| patch(message, PAYLOAD, &bytes[..4])),
        "control" => chain.rewrite(|message| patch(message, MsgHeader::SIZE, &bytes[..4])),
        "empty" => {
            chain.rewrite(Vec::clear);
            chain.change(1, |frame| frame.len = 0);
        }
        // A few bytes only: the rest then leads further.
        "garbage" => chain.rewrite(|message| {
            let mut random = Random::new(number(with));
            let body = message.get_mut(MsgHeader::SIZE + 4..).unwrap_or_default();
            for _ in 0..=number(with) % 4 {
                let place = random.next() % (body.len() as u64).max(1);
                let [byte, ..] = random.next().to_le_bytes();
                patch(body, native(place), &[byte]);
            }
        }),
        _ => return false,
    }
    true
}

/// Spoils the answer to a request.
pub(super) fn spoil_answer(chain: &Chain, what: &str, how: &str) {
    let (how, with) = how.split_once(':').unwrap_or((how, ""));
    if what != "message" || spoil(chain, how, with) {
        return;
    }
    let control = match (how, with) {
        ("type", "int") => result(Ok(ReturnValue::Int(7))),
        ("type", "string") => result(Ok(ReturnValue::String(rude(100)))),
        ("type", "bool") => result(Ok(ReturnValue::Bool(true))),
        ("type", "double") => result(Ok(ReturnValue::Double(f64::NAN))),
        ("type", "nothing") => result(Ok(ReturnValue::Void(()))),
        ("type", _) => result(Ok(ReturnValue::ByteChunks(vec![Bytes::from_static(&[0; 4096])]))),
        ("error", _) => result(Err(GuestError::new(ErrorCode::GuestError, rude(number(with))))),
        _ => call("serve", Vec::new(), FunctionCallType::Guest, ReturnType::Void),
    };
    replace_control(chain, &control);
}

/// Spoils a host call, if it was ordered.
pub(super) fn spoil_call(chain: &Chain, lie: Option<(String, String)>) {
    let Some((what, how)) = lie else { return };
    let (how, with) = how.split_once(':').unwrap_or((&how, ""));
    if what != "host" || spoil(chain, how, with) {
        return;
    }
    let number = number(with);
    let text = || ParameterValue::String(rude(100));
    let host = |name, parameters| call(name, parameters, FunctionCallType::Host, ReturnType::VecBytes);
    let control = match how {
        "name" => host("no such function", vec![text()]),
        "long-name" => host(&rude(3000), vec![text()]),
        "print" => call("HostPrint", vec![text()], FunctionCallType::Host, ReturnType::Int),
        "types" => host(HOST_FUNCTION, vec![ParameterValue::Int(1)]),
        "nothing" => host(HOST_FUNCTION, Vec::new()),
        "many" => host(HOST_FUNCTION, vec![ParameterValue::Bool(false); 100]),
        "guest" => call("serve", Vec::new(), FunctionCallType::Guest, ReturnType::Void),
        "no-room" => return chain.change(1, |frame| frame.flags &= !1),
        "room" => return chain.change(2, |room| room.len = u32::try_from(number).unwrap_or(u32::MAX)),
        "room-address" => return chain.change(2, |room| room.address = number),
        _ => return,
    };
    replace_control(chain, &control);
}

/// Logs so many lines of so many bytes.
pub(super) fn log(lines: u64, bytes: u64) {
    let line = GuestLogData::new(
        rude(bytes),
        String::from("source"),
        LogLevel::Error,
        String::from("caller"),
        String::from("file"),
        1,
    );
    let data: Vec<u8> = Vec::try_from(&line).unwrap_or_default();
    let payload = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let mut message = MsgHeader::new(MsgKind::Log, 0, payload).as_bytes().to_vec();
    message.extend_from_slice(&data);
    for _ in 0..lines {
        ring::send_besides(&message);
        supervisor::notify();
    }
}
