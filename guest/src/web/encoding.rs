//! Text to UTF-8, and bytes in any encoding to text (Encoding Standard).

use super::{Answer, Native, Plain, Refusal};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use core::cell::RefCell;
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding};

pub(super) const NATIVES: &[(&str, Native)] = &[
    ("encodeUtf8", encode),
    ("encodeUtf8Into", encode_into),
    ("encodingOf", encoding_of),
    ("decodeText", decode),
    ("createDecoder", create_decoder),
];

/// (text) to bytes.
fn encode(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text)] = arguments else { return Err(Refusal::type_error("no string")) };
    copied(text.as_bytes()).map(Plain::Bytes)
}

/// (text, room in bytes) to `[bytes, UTF-16 code units that were read]`: as many
/// whole characters as there is room for.
fn encode_into(arguments: &[Plain]) -> Answer {
    let [Plain::Text(text), Plain::Number(room)] = arguments else {
        return Err(Refusal::type_error("no string, or no number"));
    };
    let (mut written, mut read) = (0_usize, 0_u32);
    for character in text.chars() {
        let end = written + character.len_utf8();
        // Buffers are shorter than 2^53 bytes.
        if end as f64 > *room {
            break;
        }
        written = end;
        read += if character.len_utf8() == 4 { 2 } else { 1 };
    }
    let bytes = copied(text.as_bytes().get(..written).unwrap_or_default())?;
    Ok(Plain::List([Plain::Bytes(bytes), Plain::Number(read.into())].into()))
}

/// (label) to the encoding's name in lower case, or null for none that
/// `TextDecoder` takes.
fn encoding_of(arguments: &[Plain]) -> Answer {
    let [Plain::Text(label)] = arguments else { return Err(Refusal::type_error("no string")) };
    Ok(Encoding::for_label_no_replacement(label.as_bytes())
        .map_or(Plain::Null, |encoding| Plain::Text(encoding.name().to_ascii_lowercase())))
}

/// (encoding, fatal, ignore BOM, bytes) to text.
fn decode(arguments: &[Plain]) -> Answer {
    let [settings @ .., Plain::Bytes(bytes)] = arguments else { return Err(Refusal::type_error("no bytes")) };
    let mut stream = Stream::new(settings)?;
    stream.decode(bytes, true).map(Plain::Text)
}

/// (encoding, fatal, ignore BOM) to a function: (bytes, whether they are the last)
/// to text.
fn create_decoder(settings: &[Plain]) -> Answer {
    let stream = RefCell::new(Stream::new(settings)?);
    Ok(Plain::Function(Rc::new(move |arguments: &[Plain]| {
        let [Plain::Bytes(bytes), Plain::Bool(last)] = arguments else {
            return Err(Refusal::type_error("no bytes, or no boolean"));
        };
        stream.borrow_mut().decode(bytes, *last).map(Plain::Text)
    })))
}

/// A decoder somewhere in its bytes.
struct Stream {
    decoder: Decoder,
    fatal: bool,
}

impl Stream {
    fn new(settings: &[Plain]) -> Result<Self, Refusal> {
        let [Plain::Text(name), Plain::Bool(fatal), Plain::Bool(keep_mark)] = settings else {
            return Err(Refusal::type_error("no decoder's settings"));
        };
        let encoding = Encoding::for_label(name.as_bytes())
            .ok_or_else(|| Refusal::new("RangeError", format!("'{name}' is no encoding")))?;
        let decoder = if *keep_mark {
            encoding.new_decoder_without_bom_handling()
        } else {
            encoding.new_decoder_with_bom_removal()
        };
        Ok(Self { decoder, fatal: *fatal })
    }

    fn decode(&mut self, bytes: &[u8], last: bool) -> Result<String, Refusal> {
        let mut text = String::new();
        let mut rest = bytes;
        // Mostly enough: only what is not UTF-8 can be longer as text.
        let mut room = rest.len() + 16;
        loop {
            text.try_reserve_exact(room).map_err(|_| out_of_memory())?;
            let (full, read) = if self.fatal {
                let (result, read) = self.decoder.decode_to_string_without_replacement(rest, &mut text, last);
                if let DecoderResult::Malformed(..) = result {
                    let name = self.decoder.encoding().name().to_ascii_lowercase();
                    return Err(Refusal::type_error(format!("the bytes are not valid {name}")));
                }
                (result == DecoderResult::OutputFull, read)
            } else {
                let (result, read, _) = self.decoder.decode_to_string(rest, &mut text, last);
                (result == CoderResult::OutputFull, read)
            };
            rest = rest.get(read..).unwrap_or_default();
            if !full {
                return Ok(text);
            }
            room = self.decoder.max_utf8_buffer_length(rest.len()).ok_or_else(out_of_memory)?;
        }
    }
}

fn copied(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(bytes.len()).map_err(|_| out_of_memory())?;
    copy.extend_from_slice(bytes);
    Ok(copy)
}

fn out_of_memory() -> Refusal {
    Refusal::new("RangeError", "out of memory")
}
