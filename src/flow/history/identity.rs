//! Whom a name, a number, a phone, a mail or a street address stands for: keys
//! that are equal for the usual spellings of one thing.
//!
//! Equal keys are the cheap half. Names that are only alike are compared by the
//! matching, in `resolve`.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::name::{Key, Lexicon, Name, TokenClass, fold_text};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};

/// A stable hash of some parts; not equal for parts that run together alike.
#[must_use]
pub fn hash_parts<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}

/// Raised when the code reads names in another way; the tables speak for
/// themselves.
const READING: u8 = 4;

/// What the keys of parties rest on, in 16 hexadecimal digits: keys of another
/// reading stand for other spellings and are not to be searched.
#[must_use]
pub fn reading() -> String {
    static OF_TABLES: OnceLock<u64> = OnceLock::new();
    let hash = OF_TABLES.get_or_init(|| {
        let tables = Lexicon::shipped_texts().map(str::as_bytes);
        hash_parts(tables.chain([[READING].as_slice()]))
    });
    format!("{hash:016x}")
}

/// Who a party is, as far as its name and country tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// Of the words of the name without legal form, in any order, and the
    /// country.
    pub hash: u64,
    /// Those words, in the order of the alphabet.
    pub words: Box<str>,
    /// What the names are found by that may be alike: how their words sound.
    pub sounds: Arc<[u64]>,
}

type Cached = Option<Arc<Identity>>;
type Shard = Mutex<FxHashMap<(Arc<str>, Option<CountryCode>), Cached>>;

const SHARDS: usize = 16;
/// Names remembered in a shard.
const MOST_NAMES: usize = 32_768;
/// Words of a name that others are found by.
const MOST_SOUNDING_WORDS: usize = 4;
/// Shortest run of consonants that names are found by.
const SHORTEST_SKELETON: usize = 3;

/// Identities of the names seen so far. Shared between threads.
#[derive(Debug)]
pub struct Identities {
    lexicon: &'static Lexicon,
    shards: [Shard; SHARDS],
}

impl Default for Identities {
    fn default() -> Self {
        Self { lexicon: Lexicon::shipped(), shards: std::array::from_fn(|_| Mutex::default()) }
    }
}

impl Identities {
    /// Who bears a name in a country; `None` for a blank or a placeholder.
    pub fn of(&self, name: &Arc<str>, country: Option<CountryCode>) -> Option<Arc<Identity>> {
        let key = (Arc::clone(name), country);
        let shard = name.bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let shard = self.shards.get(shard % SHARDS)?;
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let identity = identity(self.lexicon, name, country).map(Arc::new);
        let mut names = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if names.len() >= MOST_NAMES {
            names.clear();
        }
        names.insert(key, identity.clone());
        identity
    }

    pub fn lexicon(&self) -> &'static Lexicon {
        self.lexicon
    }
}

fn identity(lexicon: &Lexicon, name: &str, country: Option<CountryCode>) -> Option<Identity> {
    if name.trim().is_empty() || lexicon.is_placeholder(name) {
        return None;
    }
    let parsed = Name::parse(lexicon, name, PartyKind::Organization);
    let telling = |class| !matches!(class, TokenClass::Legal | TokenClass::Small);
    let mut words: Vec<&str> =
        parsed.tokens.iter().filter(|t| telling(t.class)).map(|t| t.text.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let folded;
    if words.is_empty() {
        folded = fold_text(name);
        words.push(if folded.is_empty() { name } else { &folded });
    }
    let country = country.map(|code| code.to_string()).unwrap_or_default();
    let hash = hash_parts(words.iter().map(|word| word.as_bytes()).chain([country.as_bytes()]));
    let mut anchors: Vec<_> = parsed.tokens.iter().filter(|t| t.class == TokenClass::Word).collect();
    if anchors.is_empty() {
        anchors = parsed.tokens.iter().filter(|t| t.class.is_anchor()).collect();
    }
    let joined: String = anchors.iter().map(|token| token.sound.as_str()).collect();
    anchors.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
    let mut sounds: Vec<u64> = anchors
        .iter()
        .take(MOST_SOUNDING_WORDS)
        .flat_map(|token| {
            [Some(token.sound_key), (token.skeleton.len() >= SHORTEST_SKELETON).then_some(token.skeleton)]
        })
        .flatten()
        .map(Key::bits)
        .chain([Key::of(&joined).bits()])
        .collect();
    sounds.sort_unstable();
    sounds.dedup();
    Some(Identity { hash, words: words.join(" ").into(), sounds: sounds.into() })
}

/// What two parties can have in common besides the name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ContactKind {
    /// A number of a register: whoever bears it is one party.
    Identifier,
    Phone,
    Mail,
    Address,
}

impl ContactKind {
    pub const ALL: [Self; 4] = [Self::Identifier, Self::Phone, Self::Mail, Self::Address];

    /// In plain words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Identifier => "register number",
            Self::Phone => "phone",
            Self::Mail => "mail address",
            Self::Address => "address",
        }
    }
}

/// A number, phone, mail or address of a party.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contact {
    pub kind: ContactKind,
    pub hash: u64,
    /// As written.
    pub text: String,
}

/// Everything by which a party can be met besides its name.
#[must_use]
pub fn contacts(lexicon: &Lexicon, address: &Address, identifiers: &[Identifier]) -> Vec<Contact> {
    let mut found: Vec<Contact> = identifiers.iter().filter_map(contact).collect();
    if let Some(contact) = address_contact(lexicon, address) {
        found.push(contact);
    }
    found.sort_by_key(|contact| (contact.kind, contact.hash));
    found.dedup_by_key(|contact| contact.hash);
    found
}

/// Shortest number of a register that can stand for one party.
const SHORTEST_NUMBER: usize = 5;
/// Digits of a phone number that are compared: without the country's prefix,
/// which is written in many ways.
const PHONE_DIGITS: usize = 9;
const SHORTEST_PHONE: usize = 7;

fn contact(identifier: &Identifier) -> Option<Contact> {
    let text = identifier.value.trim();
    let compact: String =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let digits: String = compact.chars().filter(char::is_ascii_digit).collect();
    let (kind, pool, value) = match identifier.kind {
        IdentifierKind::Registration | IdentifierKind::Tax | IdentifierKind::Eori => {
            (ContactKind::Identifier, "company", compact)
        }
        IdentifierKind::Passport | IdentifierKind::NationalId => (ContactKind::Identifier, "person", compact),
        IdentifierKind::Lei => (ContactKind::Identifier, "lei", compact),
        IdentifierKind::Duns => (ContactKind::Identifier, "duns", digits),
        IdentifierKind::Phone => {
            let from = digits.len().saturating_sub(PHONE_DIGITS);
            (ContactKind::Phone, "phone", digits.get(from..).unwrap_or_default().to_owned())
        }
        IdentifierKind::Email => (ContactKind::Mail, "mail", text.to_lowercase()),
        _ => return None,
    };
    let telling = match kind {
        ContactKind::Mail => value.contains('@'),
        ContactKind::Phone => value.len() >= SHORTEST_PHONE && value.bytes().any(|b| b != b'0'),
        _ => value.len() >= SHORTEST_NUMBER && value.bytes().any(|b| b.is_ascii_digit() && b != b'0'),
    };
    telling.then(|| Contact {
        kind,
        hash: hash_parts([pool.as_bytes(), value.as_bytes()]),
        text: text.to_owned(),
    })
}

fn address_contact(lexicon: &Lexicon, address: &Address) -> Option<Contact> {
    if address.street.is_empty() {
        return None;
    }
    let parsed = Name::parse_address(lexicon, &format!("{} {}", address.street, address.city));
    if !parsed.names_a_house() {
        return None;
    }
    let telling = |class| matches!(class, TokenClass::Word | TokenClass::Number | TokenClass::Place);
    let mut words: Vec<&str> =
        parsed.tokens.iter().filter(|t| telling(t.class)).map(|t| t.text.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    let country = address.country.map(|code| code.to_string()).unwrap_or_default();
    let parts = words.iter().map(|word| word.as_bytes()).chain([country.as_bytes(), b"address"]);
    Some(Contact { kind: ContactKind::Address, hash: hash_parts(parts), text: address.one_line() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(name: &str, country: &str) -> Option<u64> {
        Identities::default().of(&name.into(), CountryCode::new(country)).map(|identity| identity.hash)
    }

    #[test]
    fn a_name_is_the_same_with_another_legal_form_and_in_another_country_another() {
        assert_eq!(hash("ALFA TRADE OOO", "KG"), hash("OsOO \"Alfa Trade\"", "KG"));
        assert_ne!(hash("ALFA TRADE OOO", "KG"), hash("ALFA TRADE OOO", "KZ"));
        assert_eq!(hash("n/a", "KG"), None);
    }

    /// Stores keep keys of these words: when one changes, raise [`READING`], and
    /// write here what it has become.
    #[test]
    fn the_words_that_keys_rest_on_change_only_with_the_number_of_the_reading() {
        let words = |name: &str| {
            let identity = Identities::default().of(&name.into(), None);
            identity.map(|identity| identity.words.to_string()).unwrap_or_default()
        };
        for (name, read) in [
            ("OOO Radio Avtomatika", "avtomatika radio"),
            ("Abdul Rahman Trading FZE", "abd al rahman trading"),
            ("ElAqsa Foundation", "aqsa el foundation"),
            ("Tonghung Shipping & Trading Co., Ltd.", "hung shipping tong trading"),
            ("深圳市杰创电子有限公司", "chuang dian jie shen shi zhen zi"),
            ("Société Générale d'Exportation SARL", "dexportation generale"),
            ("M/S Al-Noor Intl. Grp", "al international m noor"),
            ("Кыргыз Электроникс ОсОО", "electronics kyrgyz"),
            ("شركة حسن جمال", "hasn jmal"),
            ("بن", "bn"),
        ] {
            assert_eq!((READING, words(name).as_str()), (4, read), "{name}");
        }
    }

    #[test]
    fn a_phone_is_the_same_with_and_without_the_countrys_prefix() {
        let phone = |text: &str| {
            contact(&Identifier { kind: IdentifierKind::Phone, value: text.into(), country: None })
                .map(|c| c.hash)
        };
        assert_eq!(phone("+7 (495) 123-45-67"), phone("8 495 1234567"));
        assert_ne!(phone("+7 495 123-45-67"), phone("+7 495 123-45-68"));
        assert_eq!(phone("12345"), None);
    }
}
