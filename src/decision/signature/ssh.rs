//! Signatures as `ssh-keygen -Y sign` makes them, held against allowed signers.
//!
//! Ed25519, ECDSA on P-256 and the same two on a security key are verified by
//! `ssh-key`. RSA is by `ring`, which the program has for its connections
//! anyway: the crate behind `ssh-key`'s own has an open advisory
//! (RUSTSEC-2023-0071).

use jiff::civil::Date;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents};
use ssh_key::public::{KeyData, RsaPublicKey};
use ssh_key::{Algorithm, EcdsaCurve, HashAlg, PublicKey, SshSig};

use super::AllowedSigner;

/// What a signature must say that it is for, so that one of an e-mail or of a
/// commit is none of decisions.
pub const NAMESPACE: &str = "redflag";

/// Whether signatures of the key can be verified at all.
pub fn is_supported(key: &PublicKey) -> bool {
    match key.key_data() {
        KeyData::Ed25519(_) | KeyData::SkEd25519(_) | KeyData::SkEcdsaSha2NistP256(_) => true,
        KeyData::Ecdsa(key) => key.curve() == EcdsaCurve::NistP256,
        KeyData::Rsa(key) => {
            let bytes = key.n.as_positive_bytes().unwrap_or_default();
            // 2048 to 8192 bits.
            (256..=1024).contains(&bytes.len()) && (bytes.len() > 256 || bytes.first() >= Some(&0x80))
        }
        _ => false,
    }
}

/// The principals whose key signed the bytes.
///
/// # Errors
/// Why the signature does not count, part of a sentence.
pub fn verify<'a>(
    bytes: &[u8],
    signature: &str,
    allowed: &'a [AllowedSigner],
    day: Date,
) -> Result<&'a str, String> {
    let signature = SshSig::from_pem(signature).ok().filter(|made| made.version() == SshSig::VERSION);
    let signature = signature.ok_or(
        "is not a signature of a key as `ssh-keygen -Y sign` makes it; one of a certificate is not supported",
    )?;
    let mut lines = allowed.iter().filter(|one| one.key.key_data() == signature.public_key()).peekable();
    let Some(first) = lines.peek() else {
        let key = signature.public_key().fingerprint(HashAlg::Sha256);
        return Err(format!("was made with a key that is not among the allowed signers ({key})"));
    };
    if !fits(&first.key, bytes, &signature) {
        return Err("does not fit the file: one of them was changed after signing".to_owned());
    }
    if signature.namespace() != NAMESPACE {
        return Err(format!(
            "was made for the namespace `{}`; sign again, with `-n {NAMESPACE}`",
            signature.namespace()
        ));
    }
    // Of several lines of one key any may allow it.
    let mut why = String::new();
    for line in lines {
        match line.refuses(NAMESPACE, day) {
            None => return Ok(&line.name),
            Some(words) => why = words,
        }
    }
    Err(why)
}

/// Whether the key made the signature for these bytes and the namespace that it
/// names.
fn fits(key: &PublicKey, bytes: &[u8], signature: &SshSig) -> bool {
    match key.key_data() {
        KeyData::Rsa(key) => rsa_fits(key, bytes, signature),
        _ => key.verify(signature.namespace(), bytes, signature).is_ok(),
    }
}

fn rsa_fits(key: &RsaPublicKey, bytes: &[u8], signature: &SshSig) -> bool {
    let algorithm = match signature.algorithm() {
        Algorithm::Rsa { hash: Some(HashAlg::Sha256) } => &RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rsa { hash: Some(HashAlg::Sha512) } => &RSA_PKCS1_2048_8192_SHA512,
        _ => return false,
    };
    // What `signed_data` does not know of would not be signed.
    if !signature.reserved().is_empty() {
        return false;
    }
    let signed = SshSig::signed_data(signature.namespace(), signature.hash_alg(), bytes);
    let (Ok(signed), Some(n), Some(e)) = (signed, key.n.as_positive_bytes(), key.e.as_positive_bytes())
    else {
        return false;
    };
    RsaPublicKeyComponents { n, e }.verify(algorithm, &signed, signature.signature_bytes()).is_ok()
}
