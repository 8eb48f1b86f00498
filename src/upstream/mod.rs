//! What every provider needs: one outgoing HTTP client, pacing and retry, typed answers.
