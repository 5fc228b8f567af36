use crate::Failure;

/// Takes fixed fields off the front of bytes that a disk gave: big-endian, and damaged when they end too soon.
pub(crate) struct Cut<'a>(pub(crate) &'a [u8]);

impl<'a> Cut<'a> {
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8], Failure> {
        let (front, rest) = self.0.split_at_checked(length).ok_or(Failure::Damaged)?;
        self.0 = rest;
        Ok(front)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        let (front, rest) = self.0.split_first_chunk().ok_or(Failure::Damaged)?;
        self.0 = rest;
        Ok(*front)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Failure> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Failure> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Failure> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Failure> {
        self.array().map(u64::from_be_bytes)
    }

    /// Exactly these bytes.
    pub(crate) fn expect(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.bytes(bytes.len())? == bytes {
            Ok(())
        } else {
            Err(Failure::Damaged)
        }
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Result<(), Failure> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Failure::Damaged)
        }
    }
}
