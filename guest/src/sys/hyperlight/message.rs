//! The messages that carry frames: a header, control data that names a function
//! and says how many bytes follow, and these bytes, which are the frame.
//!
//! See `hyperlight_common::transport` and its FlatBuffers schema.

use alloc::{vec, vec::Vec};
use flatbuffers::FlatBufferBuilder;
use hypercell_common::hyperlight::HOST_FUNCTION;
use hyperlight_common::{
    flatbuffer_wrappers::{
        ExternalValueSink,
        function_call::{FunctionCall, FunctionCallType},
        function_types::{Bytes, FunctionCallResult, ParameterValue, ReturnType, ReturnValue},
    },
    transport::{MsgHeader, MsgKind, SIZE_PREFIX_LEN, size_prefix_payload_len, size_prefixed_len},
};

/// Bytes that control data has about.
const CONTROL: usize = 256;

/// What is in front of a frame: the header and the control data.
pub(super) type Prefix = Vec<u8>;

/// The prefix of the result of request `id`.
pub(super) fn of_result(id: u32, frame: &'static [u8]) -> Option<Prefix> {
    let result = FunctionCallResult::new(Ok(ReturnValue::ByteChunks(vec![Bytes::from_static(frame)])));
    let mut builder = FlatBufferBuilder::with_capacity(CONTROL);
    let control = result.encode(&mut builder, &mut InPlace).ok()?;
    prefix(MsgKind::Response, id, control, frame.len())
}

/// The prefix of host call `id`.
pub(super) fn of_host_call(id: u32, frame: &'static [u8]) -> Option<Prefix> {
    let frames = ParameterValue::ByteChunks(vec![Bytes::from_static(frame)]);
    let call = FunctionCall::new(
        HOST_FUNCTION.into(),
        Some(vec![frames]),
        FunctionCallType::Host,
        ReturnType::VecBytes,
    );
    let mut builder = FlatBufferBuilder::with_capacity(CONTROL);
    let control = call.encode(&mut builder, &mut InPlace).ok()?;
    prefix(MsgKind::Request, id, control, frame.len())
}

fn prefix(kind: MsgKind, id: u32, control: &[u8], frame: usize) -> Option<Prefix> {
    let payload = u32::try_from(control.len() + frame).ok()?;
    let mut prefix = Vec::with_capacity(MsgHeader::SIZE + control.len());
    prefix.extend_from_slice(MsgHeader::new(kind, id, payload).as_bytes());
    prefix.extend_from_slice(control);
    Some(prefix)
}

/// The bytes already lie where they are sent from.
struct InPlace;

impl<'a> ExternalValueSink<'a> for InPlace {
    fn push_bytes(&mut self, _: &'a [u8]) -> anyhow::Result<()> {
        Ok(())
    }

    fn push_chunks(&mut self, _: &'a [Bytes]) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A message that arrived: what it is, whose, and the bytes behind the control
/// data. The control data itself says nothing new, as there is one function.
pub(super) fn parse(message: &[u8]) -> Option<(MsgKind, u32, &[u8])> {
    let (header, payload) = message.split_at_checked(MsgHeader::SIZE)?;
    let MsgHeader { kind, cid, payload_len, .. } = MsgHeader::from_bytes(header)?;
    if kind == MsgKind::SnapshotCheckpoint {
        return Some((kind, cid, &[]));
    }
    let payload = payload.get(..payload_len as usize)?;
    let prefix = size_prefix_payload_len(payload.get(..SIZE_PREFIX_LEN)?)?;
    Some((kind, cid, payload.get(size_prefixed_len(prefix)?..)?))
}
