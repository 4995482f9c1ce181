//! Sealing of secrets at rest with XChaCha20-Poly1305.
//!
//! A sealed value is one blob; it says itself how to open it:
//!
//! | bytes | what |
//! | --- | --- |
//! | 1 | layout version, `0x01` |
//! | 8 | key id: the first bytes of SHA-256 over a fixed label and the key |
//! | 24 | nonce, fresh from the operating system for every seal |
//! | rest | ciphertext followed by its 16-byte tag |
//!
//! Associated data are the first nine bytes and the identity of the row that holds the value, so
//! a blob that was moved to another row, or given another header, does not open.

use std::{fmt, sync::Arc};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretBox, SecretSlice, SecretString, zeroize::Zeroizing};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

const VERSION: u8 = 1;
const KEY_BYTES: usize = 32;
const KEY_ID_BYTES: usize = 8;
const HEADER_BYTES: usize = 1 + KEY_ID_BYTES;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
const KEY_ID_LABEL: &[u8] = b"analytics master key id\0";

/// A 256-bit key that seals secrets. Its bytes are wiped when it is dropped.
#[derive(Clone)]
pub struct MasterKey {
    id: [u8; KEY_ID_BYTES],
    bytes: Arc<SecretBox<[u8; KEY_BYTES]>>,
}

impl MasterKey {
    /// A new key from the operating system's randomness.
    ///
    /// # Errors
    /// [`Error::Sealed`] if the operating system gives no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        fill_random(&mut bytes[..])?;
        Ok(Self::from_bytes(&bytes))
    }

    /// The key with this base64 text (44 characters with padding), as [`Self::to_base64`] wrote it.
    ///
    /// # Errors
    /// [`Error::Config`] if the text is not base64 of exactly 32 bytes; it never repeats the text.
    pub fn from_base64(text: &SecretString) -> Result<Self> {
        let wrong = || Error::Config {
            message: "the master key must be 32 bytes in base64 (44 characters ending in `=`)"
                .to_owned(),
        };
        let bytes = BASE64
            .decode(text.expose_secret().trim().as_bytes())
            .map(Zeroizing::new)
            .map_err(|_| wrong())?;
        let bytes: Zeroizing<[u8; KEY_BYTES]> =
            Zeroizing::new(bytes.as_slice().try_into().map_err(|_| wrong())?);
        Ok(Self::from_bytes(&bytes))
    }

    /// The key as base64 text.
    #[must_use]
    pub fn to_base64(&self) -> SecretString {
        BASE64.encode(self.bytes.expose_secret()).into()
    }

    /// The key's id in hexadecimal: tells keys apart without saying anything about them.
    #[must_use]
    pub fn id(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.id)
    }

    fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        let mut id = [0; KEY_ID_BYTES];
        let digest = Sha256::new()
            .chain_update(KEY_ID_LABEL)
            .chain_update(bytes)
            .finalize();
        id.copy_from_slice(&digest[..KEY_ID_BYTES]);
        Self {
            id,
            bytes: Arc::new(SecretBox::new(Box::new(*bytes))),
        }
    }

    fn aead(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes.expose_secret().into())
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id())
    }
}

/// Seals secrets with its newest key and opens what any of its keys sealed.
#[derive(Debug, Clone)]
pub struct Cipher {
    keys: Arc<[MasterKey]>,
}

impl Cipher {
    /// A cipher that seals with the first of `keys` and opens with all of them.
    ///
    /// # Errors
    /// [`Error::Config`] if there is no key.
    pub fn new(keys: Vec<MasterKey>) -> Result<Self> {
        if keys.is_empty() {
            return Err(Error::Config {
                message: "at least one master key is needed to seal secrets".to_owned(),
            });
        }
        Ok(Self { keys: keys.into() })
    }

    /// A cipher with a key of its own that nobody else has: for tests and throw-away stores.
    ///
    /// # Errors
    /// [`Error::Sealed`] if the operating system gives no randomness.
    pub fn generate() -> Result<Self> {
        Self::new(vec![MasterKey::generate()?])
    }

    /// Seals `plain` for the row that `identity` names, for example `grants/<uuid>`.
    ///
    /// # Errors
    /// [`Error::Sealed`] if the operating system gives no randomness.
    pub fn seal(&self, plain: &[u8], identity: &[u8]) -> Result<Vec<u8>> {
        let key = &self.keys[0];
        let mut nonce = [0; NONCE_BYTES];
        fill_random(&mut nonce)?;
        let mut sealed = Vec::with_capacity(HEADER_BYTES + NONCE_BYTES + plain.len() + TAG_BYTES);
        sealed.push(VERSION);
        sealed.extend_from_slice(&key.id);
        let aad = [&sealed[..HEADER_BYTES], identity].concat();
        let ciphertext = key
            .aead()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &aad,
                },
            )
            .map_err(|_| sealed_error("the value is too large to seal"))?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens what was sealed for the row that `identity` names.
    ///
    /// # Errors
    /// [`Error::Sealed`] if the blob is truncated, of an unknown layout, sealed by a key that is
    /// not configured, altered, or sealed for another row.
    pub fn open(&self, sealed: &[u8], identity: &[u8]) -> Result<SecretSlice<u8>> {
        if sealed.len() < HEADER_BYTES + NONCE_BYTES + TAG_BYTES {
            return Err(sealed_error("the value is truncated"));
        }
        let (header, rest) = sealed.split_at(HEADER_BYTES);
        let (nonce, ciphertext) = rest.split_at(NONCE_BYTES);
        if header[0] != VERSION {
            return Err(sealed_error("the value has an unknown layout"));
        }
        let key = self
            .keys
            .iter()
            .find(|key| key.id == header[1..])
            .ok_or_else(|| {
                sealed_error(format!(
                    "it was sealed with the key {}, which is not configured",
                    data_encoding::HEXLOWER.encode(&header[1..])
                ))
            })?;
        let nonce = XNonce::try_from(nonce).map_err(|_| sealed_error("the value is truncated"))?;
        let aad = [header, identity].concat();
        key.aead()
            .decrypt(
                &nonce,
                Payload {
                    msg: ciphertext,
                    aad: &aad,
                },
            )
            .map(SecretSlice::from)
            .map_err(|_| sealed_error("it was altered, or sealed for another row"))
    }

    /// Whether the key that sealed a value is configured here.
    #[must_use]
    pub fn has_key_of(&self, sealed: &[u8]) -> bool {
        self.keys
            .iter()
            .any(|key| sealed.get(1..HEADER_BYTES) == Some(&key.id[..]))
    }

    /// Whether a sealed value was sealed with another key than the newest, so that sealing it
    /// again would let the older key go.
    #[must_use]
    pub fn is_outdated(&self, sealed: &[u8]) -> bool {
        sealed.get(1..HEADER_BYTES) != Some(&self.keys[0].id[..])
    }
}

fn fill_random(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| sealed_error(format!("no randomness: {error}")))
}

fn sealed_error(message: impl Into<String>) -> Error {
    Error::Sealed {
        message: message.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_text(cipher: &Cipher, sealed: &[u8], identity: &[u8]) -> Result<String> {
        let plain = cipher.open(sealed, identity)?;
        Ok(String::from_utf8_lossy(plain.expose_secret()).into_owned())
    }

    #[test]
    fn a_sealed_value_opens_for_its_own_row_and_no_other() -> Result<()> {
        let cipher = Cipher::generate()?;
        let sealed = cipher.seal(b"token", b"grants/1")?;
        assert_eq!(open_text(&cipher, &sealed, b"grants/1")?, "token");
        assert!(matches!(
            cipher.open(&sealed, b"grants/2"),
            Err(Error::Sealed { .. })
        ));
        Ok(())
    }

    #[test]
    fn the_blob_is_version_then_key_id_then_nonce_then_ciphertext_and_tag() -> Result<()> {
        let key = MasterKey::generate()?;
        let cipher = Cipher::new(vec![key.clone()])?;
        let sealed = cipher.seal(b"token", b"row")?;
        assert_eq!(sealed.len(), 1 + 8 + 24 + 5 + 16);
        assert_eq!(sealed[0], 1);
        assert_eq!(data_encoding::HEXLOWER.encode(&sealed[1..9]), key.id());
        assert_ne!(sealed, cipher.seal(b"token", b"row")?, "nonces are fresh");
        Ok(())
    }

    #[test]
    fn the_newest_key_seals_and_every_configured_key_opens() -> Result<()> {
        let (old, new) = (MasterKey::generate()?, MasterKey::generate()?);
        let sealed_by_old = Cipher::new(vec![old.clone()])?.seal(b"token", b"row")?;
        let both = Cipher::new(vec![new.clone(), old])?;
        assert_eq!(open_text(&both, &sealed_by_old, b"row")?, "token");
        assert!(both.is_outdated(&sealed_by_old));
        let only_new = Cipher::new(vec![new])?;
        let sealed_again = both.seal(b"token", b"row")?;
        assert!(!both.is_outdated(&sealed_again));
        assert_eq!(open_text(&only_new, &sealed_again, b"row")?, "token");
        assert!(matches!(
            only_new.open(&sealed_by_old, b"row"),
            Err(Error::Sealed { .. })
        ));
        Ok(())
    }

    #[test]
    fn a_truncated_or_altered_value_is_refused_at_every_byte() -> Result<()> {
        let cipher = Cipher::generate()?;
        let sealed = cipher.seal(b"token", b"row")?;
        for at in 0..sealed.len() {
            assert!(cipher.open(&sealed[..at], b"row").is_err(), "cut at {at}");
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(cipher.open(&altered, b"row").is_err(), "altered at {at}");
        }
        Ok(())
    }

    #[test]
    fn a_key_survives_base64_and_never_shows_in_debug_or_errors() -> Result<()> {
        let key = MasterKey::generate()?;
        let text = key.to_base64();
        assert_eq!(MasterKey::from_base64(&text)?.id(), key.id());
        let shown = format!("{key:?} {:?}", Cipher::new(vec![key.clone()])?);
        assert!(!shown.contains(text.expose_secret()));
        for wrong in [
            "",
            "short",
            "AAAA",
            "not base64 at all, but forty-four characters",
        ] {
            let error = MasterKey::from_base64(&wrong.into())
                .map(|key| key.id())
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(error.contains("32 bytes"), "{wrong}: {error}");
            assert!(wrong.is_empty() || !error.contains(wrong));
        }
        Ok(())
    }
}
