//! Numbers and texts as bytes, and back, for the file of compiled lists.
//!
//! Knows nothing of what they mean. Reading never fails in another way than by
//! `None`, and reserves no more than the bytes that are there can fill.

use crate::name::Key;

/// Bytes that are being written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub bytes: Vec<u8>,
}

/// Bytes that are being read, from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

/// Bits of a byte that hold a part of a number; the last one tells whether more
/// follow.
const PART: u32 = 7;
const MORE: u8 = 1 << PART;

impl Writer {
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// A number in as few bytes as it needs.
    pub fn number(&mut self, mut number: u64) {
        while number >= u64::from(MORE) {
            self.bytes.push(number.to_le_bytes()[0] | MORE);
            number >>= PART;
        }
        self.bytes.push(number.to_le_bytes()[0]);
    }

    pub fn size(&mut self, size: usize) {
        self.number(size as u64);
    }

    pub fn text(&mut self, text: &str) {
        self.block(text.as_bytes());
    }

    pub fn block(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    pub fn bytes(&mut self, items: impl ExactSizeIterator<Item = u8>) {
        self.size(items.len());
        self.bytes.extend(items);
    }

    pub fn u16s(&mut self, items: impl ExactSizeIterator<Item = u16>) {
        self.size(items.len());
        items.for_each(|item| self.bytes.extend(item.to_le_bytes()));
    }

    pub fn u32s(&mut self, items: impl ExactSizeIterator<Item = u32>) {
        self.size(items.len());
        items.for_each(|item| self.bytes.extend(item.to_le_bytes()));
    }

    pub fn u64s(&mut self, items: impl ExactSizeIterator<Item = u64>) {
        self.size(items.len());
        items.for_each(|item| self.bytes.extend(item.to_le_bytes()));
    }

    pub fn f32s(&mut self, items: impl ExactSizeIterator<Item = f32>) {
        self.u32s(items.map(f32::to_bits));
    }

    pub fn keys(&mut self, items: impl ExactSizeIterator<Item = Key>) {
        self.u64s(items.map(Key::bits));
    }
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next so many bytes.
    pub fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & !MORE).checked_shl(shift)?;
            if byte & MORE == 0 {
                return Some(number);
            }
            shift += PART;
        }
    }

    pub fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    pub fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.block()?).ok()
    }

    pub fn block(&mut self) -> Option<&'b [u8]> {
        let length = self.size()?;
        self.take(length)
    }

    /// What `read` reads, if it reads all that is left.
    pub fn whole<T>(mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        read(&mut self).filter(|_| self.left() == 0)
    }

    pub fn u16s(&mut self) -> Option<Vec<u16>> {
        Some(self.items()?.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect())
    }

    pub fn u32s(&mut self) -> Option<Vec<u32>> {
        Some(self.items()?.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }

    pub fn u64s(&mut self) -> Option<impl ExactSizeIterator<Item = u64> + 'b> {
        Some(self.items()?.iter().map(|bytes| u64::from_le_bytes(*bytes)))
    }

    pub fn f32s(&mut self) -> Option<impl ExactSizeIterator<Item = f32> + 'b> {
        Some(self.items()?.iter().map(|bytes| f32::from_bits(u32::from_le_bytes(*bytes))))
    }

    pub fn keys(&mut self) -> Option<impl ExactSizeIterator<Item = Key> + 'b> {
        Some(self.u64s()?.map(Key::from_bits))
    }

    /// So many items of `N` bytes as their number before them says.
    fn items<const N: usize>(&mut self) -> Option<&'b [[u8; N]]> {
        let length = self.size()?.checked_mul(N)?;
        Some(self.take(length)?.as_chunks().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(number in 0u64.., text in "\\PC{0,9}", items in proptest::collection::vec(0u64.., 0..9)) {
            let mut out = Writer::default();
            out.number(number);
            out.text(&text);
            out.u64s(items.iter().copied());
            let mut reader = Reader::new(&out.bytes);
            proptest::prop_assert_eq!(reader.number(), Some(number));
            proptest::prop_assert_eq!(reader.text(), Some(text.as_str()));
            proptest::prop_assert_eq!(reader.u64s().map(Iterator::collect), Some(items));
            proptest::prop_assert_eq!(reader.left(), 0);
        }

        #[test]
        fn any_bytes_can_be_read(bytes in proptest::collection::vec(0u8.., 0..40)) {
            let mut reader = Reader::new(&bytes);
            while reader.number().is_some() {}
            let _ = Reader::new(&bytes).text();
            let _ = Reader::new(&bytes).u32s();
            let _ = Reader::new(&bytes).keys().map(Iterator::count);
        }
    }
}
