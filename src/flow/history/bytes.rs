//! Numbers and texts as bytes: variable lengths, the same on every machine.

use rust_decimal::Decimal;

/// Appends a number, seven bits a byte.
pub fn put_number(out: &mut Vec<u8>, mut number: u128) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u128);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a decimal in its shortest form: 1.50 is 1.5.
pub fn put_decimal(out: &mut Vec<u8>, decimal: Decimal) {
    let decimal = decimal.normalize();
    out.push(u8::try_from(decimal.scale()).unwrap_or(0) << 1 | u8::from(decimal.is_sign_negative()));
    put_number(out, decimal.mantissa().unsigned_abs());
}

/// Reads what was put; `None` where the bytes are not what they should be.
#[derive(Clone, Copy, Debug)]
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub fn number(&mut self) -> Option<u128> {
        let mut number = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.number()?.try_into().ok()
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub fn length(&mut self) -> Option<usize> {
        let length: usize = self.number()?.try_into().ok()?;
        (length <= self.0.len()).then_some(length)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).ok()
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn decimal(&mut self) -> Option<Decimal> {
        let head = self.byte()?;
        let mantissa: i128 = self.number()?.try_into().ok()?;
        let mantissa = if head & 1 == 1 { -mantissa } else { mantissa };
        Decimal::try_from_i128_with_scale(mantissa, u32::from(head >> 1)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_put_is_read(number: u128, text in "\\PC{0,20}", mantissa: i64, scale in 0u32..28) {
            let decimal = Decimal::new(mantissa, scale);
            let mut out = Vec::new();
            put_number(&mut out, number);
            put_text(&mut out, &text);
            put_decimal(&mut out, decimal);
            let mut bytes = Bytes(&out);
            proptest::prop_assert_eq!(bytes.number(), Some(number));
            proptest::prop_assert_eq!(bytes.text(), Some(text.as_str()));
            proptest::prop_assert_eq!(bytes.decimal(), Some(decimal));
            proptest::prop_assert!(bytes.0.is_empty());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let mut bytes = Bytes(&bytes);
            while !bytes.0.is_empty() {
                let before = bytes.0.len();
                let _ = (bytes.text(), bytes.decimal(), bytes.number());
                if bytes.0.len() == before { break; }
            }
        }
    }
}
