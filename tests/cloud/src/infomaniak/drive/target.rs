//! Where an upload goes, and whether it may (fact sheet §3.6).

use super::edit::Author;
use super::node::{Content, Special};
use super::rights::{closed, fixed};
use super::tree::{Drive, PRIVATE, ROOT};
use crate::infomaniak::envelope::Failure;
use crate::infomaniak::state::Call;

/// What an upload asks for, from its query or its JSON body.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wish {
    pub(crate) file_id: Option<u64>,
    pub(crate) directory_id: Option<u64>,
    pub(crate) directory_path: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) conflict: Option<String>,
    pub(crate) total_size: Option<u64>,
    pub(crate) created_at: Option<u64>,
    pub(crate) last_modified_at: Option<u64>,
    pub(crate) if_match: Option<String>,
}

/// Where the bytes go.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// A new version of a file.
    Version(u64),
    /// A new file.
    New { folder: u64, name: String },
}

/// Takes a name as the vendor does, or refuses it.
pub(crate) fn name(wish: &str) -> Result<String, Failure> {
    let name = wish.replace('/', ":");
    let bad = name.is_empty() || name == "." || name == ".." || name.contains('\0');
    if bad || name.len() > 255 {
        return Err(Failure::new(
            422,
            "invalid_file_name_error",
            "Invalid file name",
        ));
    }
    Ok(name)
}

impl Call<'_> {
    pub(crate) fn author(&self) -> Author {
        Author {
            user: self.grant.user.id,
            now: self.state.now(),
        }
    }

    /// The failure for a taken name.
    pub(crate) fn taken(&self, code: &str) -> Failure {
        let status = self.state.switches.name_conflict_status;
        Failure::new(status, code, "An object with this name already exists")
    }

    pub(crate) fn locked(&self) -> Failure {
        let status = self.state.switches.lock_status;
        Failure::new(status, "lock_error", "The file is locked")
    }

    /// Finds where an upload goes; makes the folders of `directory_path`.
    pub(crate) fn target(&mut self, wish: &Wish) -> Result<Target, Failure> {
        if let Some(id) = wish.file_id {
            return self.version_target(wish, id);
        }
        let wanted = wish.file_name.as_deref();
        let wanted = wanted.ok_or_else(|| {
            Failure::invalid("file_name", "required", "The file name field is required.")
        })?;
        let name = name(wanted)?;
        let folder = self.folder_of(wish)?;
        let drive = self.drive()?;
        let Some(present) = drive.child(folder, &name) else {
            if wish.if_match.is_some() {
                return Err(self.changed());
            }
            return Ok(Target::New { folder, name });
        };
        let free = drive.free_name(folder, &name);
        let (id, is_folder) = (present.id, present.is_folder());
        match wish.conflict.as_deref().unwrap_or("error") {
            "rename" => Ok(Target::New { folder, name: free }),
            _ if is_folder => Ok(Target::New { folder, name: free }),
            "version" => self.check_version(wish, id).map(|()| Target::Version(id)),
            "error" => Err(self.taken("file_already_exists_error")),
            _ => Err(Failure::invalid(
                "conflict",
                "in",
                "The selected conflict is invalid.",
            )),
        }
    }

    fn version_target(&self, wish: &Wish, id: u64) -> Result<Target, Failure> {
        let others = wish.directory_id.is_some()
            || wish.file_name.is_some()
            || wish.conflict.is_some()
            || wish.directory_path.is_some();
        if others {
            let text = "The file id field prohibits directory id, file name and conflict.";
            return Err(Failure::invalid("file_id", "prohibits", text));
        }
        if self.node_of(id)?.is_folder() {
            return Err(Failure::new(400, "not_a_file_error", "Not a file"));
        }
        self.check_version(wish, id)?;
        Ok(Target::Version(id))
    }

    /// Whether a new version of a file may be stored.
    fn check_version(&self, wish: &Wish, id: u64) -> Result<(), Failure> {
        let drive = self.drive()?;
        let node = self.node_of(id)?;
        if fixed(drive, node) {
            return Err(Failure::new(403, "forbidden_error", "Forbidden"));
        }
        if node.is_locked() {
            return Err(self.locked());
        }
        let Some(wanted) = &wish.if_match else {
            return Ok(());
        };
        let etag = node.etag(drive.id).unwrap_or_default();
        if wanted == "*" || wanted.trim_matches('"') == etag {
            return Ok(());
        }
        Err(self.changed())
    }

    fn changed(&self) -> Failure {
        let status = self.state.switches.if_match_status;
        Failure::new(status, "conflict_error", "The file has changed")
    }

    fn folder_of(&mut self, wish: &Wish) -> Result<u64, Failure> {
        let path = wish.directory_path.clone().unwrap_or_default();
        let mut folder = match wish.directory_id {
            Some(id) => id,
            None if path.is_empty() => {
                let text = "The directory id field is required.";
                return Err(Failure::invalid("directory_id", "required", text));
            }
            None => ROOT,
        };
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let found = self.drive()?.child(folder, part).map(|node| node.id);
            folder = match found {
                Some(id) => id,
                None => {
                    self.upload_folder(folder)?;
                    let author = self.author();
                    self.drive_mut()?
                        .0
                        .create_folder(folder, &name(part)?, author)
                }
            };
        }
        self.upload_folder(folder)
    }

    /// The folder itself, if uploads may go there.
    fn upload_folder(&self, id: u64) -> Result<u64, Failure> {
        let drive = self.drive()?;
        let Some(folder) = drive.alive(id) else {
            let text = "The destination does not exist";
            return Err(Failure::new(
                404,
                "upload_destination_not_found_error",
                text,
            ));
        };
        if !folder.is_folder() {
            return Err(self.not_a_folder());
        }
        if folder.special == Special::Root && self.state.switches.root_upload {
            return Ok(PRIVATE);
        }
        if closed(drive, folder) {
            let text = "The destination is not writable";
            return Err(Failure::new(
                403,
                "upload_destination_not_writable_error",
                text,
            ));
        }
        Ok(id)
    }

    /// Refuses what does not fit.
    pub(crate) fn room(&self, size: u64) -> Result<(), Failure> {
        let drive: &Drive = self.drive()?;
        if drive.used() + size <= drive.size {
            return Ok(());
        }
        let status = self.state.switches.quota_status;
        Err(Failure::new(
            status,
            "quota_exceeded_error",
            "Quota exceeded",
        ))
    }

    /// Stores uploaded bytes; gives the id of the file.
    pub(crate) fn store(
        &mut self,
        wish: &Wish,
        target: Target,
        bytes: bytes::Bytes,
    ) -> Result<u64, Failure> {
        let dates = super::edit::Dates {
            created_at: wish.created_at,
            last_modified_at: wish.last_modified_at,
        };
        let user = self.grant.user.id;
        let (drive, now) = self.drive_mut()?;
        let author = Author { user, now };
        let content = Content::Memory(bytes);
        Ok(match target {
            Target::Version(id) => {
                drive.replace(id, content, dates, author);
                id
            }
            Target::New { folder, name } => {
                drive.create_file(folder, &name, content, dates, author)
            }
        })
    }
}
