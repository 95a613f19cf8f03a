//! AES-GCM (SP 800-38D) of its parts, with initialization vectors and tags of all
//! lengths: the types of the crate `aes-gcm` have theirs fixed.

use super::{
    Answer, Plain,
    aes::{BLOCK, with_aes},
    copy, failed,
};
use ::aes::cipher::{
    BlockCipherEncrypt, BlockSizeUser, InnerIvInit as _, StreamCipherCore as _, consts::U16,
};
use ctr::{CtrCore, flavors::Ctr32BE};
use ghash::{Block, GHash, universal_hash::UniversalHash as _};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize as _;

/// `tag` is the length of the tag in bytes, which follows the ciphertext.
pub(super) fn encrypt(key: &[u8], iv: &[u8], more: &[u8], tag: usize, data: &[u8]) -> Answer {
    let mut output = copy(data, BLOCK)?;
    let full = with_aes!(key, cipher => {
        let gcm = Gcm::new(&cipher, iv);
        let authenticator = gcm.authenticator;
        gcm.stream.apply_keystream_partial(output.as_mut_slice().into());
        authenticator.tag(more, &output)
    });
    output.extend(full.iter().take(tag));
    Ok(Plain::Bytes(output))
}

/// As [`encrypt`], the other way.
pub(super) fn decrypt(key: &[u8], iv: &[u8], more: &[u8], tag: usize, data: &[u8]) -> Answer {
    let refused = || failed("the data is not what this key and these parameters encrypted");
    let (text, given) =
        data.len().checked_sub(tag).and_then(|at| data.split_at_checked(at)).ok_or_else(refused)?;
    let mut output = copy(text, 0)?;
    with_aes!(key, cipher => {
        let gcm = Gcm::new(&cipher, iv);
        let full = gcm.authenticator.tag(more, text);
        if !full.get(..tag).is_some_and(|expected| expected.ct_eq(given).into()) {
            return Err(refused());
        }
        gcm.stream.apply_keystream_partial(output.as_mut_slice().into());
    });
    Ok(Plain::Bytes(output))
}

struct Gcm<'a, C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>> {
    stream: CtrCore<&'a C, Ctr32BE>,
    authenticator: Authenticator,
}

struct Authenticator {
    hash: GHash,
    /// What the hash is encrypted with.
    mask: Block,
}

impl<'a, C: BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>> Gcm<'a, C> {
    fn new(cipher: &'a C, iv: &[u8]) -> Self {
        let mut subkey = Block::default();
        cipher.encrypt_block(&mut subkey);
        let hash = GHash::new(&subkey);
        subkey.zeroize();
        let mut stream = CtrCore::inner_iv_init(cipher, &first_counter(&hash, iv));
        let mut mask = Block::default();
        stream.write_keystream_block(&mut mask);
        Self { stream, authenticator: Authenticator { hash, mask } }
    }
}

impl Authenticator {
    /// The tag over `more` and a ciphertext (SP 800-38D 7.1, steps 4 to 6).
    fn tag(self, more: &[u8], ciphertext: &[u8]) -> Block {
        let Self { mut hash, mask } = self;
        hash.update_padded(more);
        hash.update_padded(ciphertext);
        hash.update(&[lengths(more.len(), ciphertext.len())]);
        let mut tag = hash.finalize();
        for (byte, masked) in tag.iter_mut().zip(mask) {
            *byte ^= masked;
        }
        tag
    }
}

/// The block before the first counter (SP 800-38D 7.1, step 2).
fn first_counter(hash: &GHash, iv: &[u8]) -> Block {
    if let Ok(iv) = <[u8; 12]>::try_from(iv) {
        return (u128::from_be_bytes(widen(iv)) << 32 | 1).to_be_bytes().into();
    }
    let mut hash = hash.clone();
    hash.update_padded(iv);
    hash.update(&[lengths(0, iv.len())]);
    hash.finalize()
}

fn widen(iv: [u8; 12]) -> [u8; BLOCK] {
    let mut wide = [0; BLOCK];
    for (to, from) in wide.iter_mut().skip(4).zip(iv) {
        *to = from;
    }
    wide
}

/// Two lengths in bytes as a block of lengths in bits.
fn lengths(first: usize, second: usize) -> Block {
    let bits = |length: usize| u128::from(length as u64) * 8;
    (bits(first) << 64 | bits(second)).to_be_bytes().into()
}
