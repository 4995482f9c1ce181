//! Cursors of a timeline: opaque, stable while posts come and go, and good for one user only.

use data_encoding::HEXLOWER;

use crate::simulator::tokens::hmac_sha256;

const PREFIX: &str = "7140dibdnow";
const SIGNATURE: usize = 6;

fn signature(user: &str, id: u64) -> Vec<u8> {
    let message = format!("{user} {id}");
    hmac_sha256(b"x cursor", message.as_bytes())[..SIGNATURE].to_vec()
}

/// The cursor to what comes after the post with this first id.
pub(super) fn after(user: &str, id: u64) -> String {
    let mut bytes = id.to_be_bytes().to_vec();
    bytes.extend(signature(user, id));
    format!("{PREFIX}{}", HEXLOWER.encode(&bytes))
}

/// The first id after which a cursor continues; none if it is not one of this user.
pub(super) fn read(user: &str, cursor: &str) -> Option<u64> {
    let bytes = cursor.strip_prefix(PREFIX)?.as_bytes();
    let bytes = HEXLOWER.decode(bytes).ok()?;
    let (id, signed) = bytes.split_first_chunk::<8>()?;
    let id = u64::from_be_bytes(*id);
    (signature(user, id) == signed).then_some(id)
}
