//! SQLite through sqlx: schema, repositories, sealed secrets.
