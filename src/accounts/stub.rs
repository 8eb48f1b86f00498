//! stub
use super::{Accounts, By, ConnectError};
use crate::domain::{Connection, Error, Kind, Result, UserName};
use secrecy::SecretString;
fn no<T>() -> Result<T> {
    Err(Error::bridge(Kind::Broken, "stub"))
}
impl Accounts {
    /// x
    pub async fn begin_paste(&self, _u: &UserName, _p: &str) -> Result<i64> {
        no()
    }
    /// x
    pub async fn is_pending(&self, _u: &UserName, _id: i64) -> Result<bool> {
        no()
    }
    /// x
    pub async fn finish_paste(
        &self,
        _by: &By,
        _u: &UserName,
        _id: i64,
        _t: &SecretString,
    ) -> Result<Connection, ConnectError> {
        no().map_err(ConnectError::Store)
    }
    /// x
    pub async fn cancel_paste(&self, _u: &UserName, _id: i64) -> Result<()> {
        no()
    }
    /// x
    pub async fn rename(&self, _by: &By, _u: &UserName, _s: &str, _n: &str) -> Result<()> {
        no()
    }
}
