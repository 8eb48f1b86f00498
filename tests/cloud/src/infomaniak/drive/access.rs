//! What nearly every call does first: find the drive and the object, or say why not.

use serde_json::json;

use super::node::Node;
use super::tree::{Drive, PRIVATE, ROOT};
use super::view::Telling;
use super::with::With;
use crate::infomaniak::envelope::Failure;
use crate::infomaniak::state::Call;

impl Call<'_> {
    /// The drive of the first `{…}` in the path.
    pub(crate) fn drive(&self) -> Result<&Drive, Failure> {
        let drive = self.drive_even_asleep()?;
        match &drive.maintenance {
            None => Ok(drive),
            Some(maintenance) => {
                let context = json!({ "reason": maintenance.reason });
                let failure = Failure::new(503, "product_maintenance", "Product in maintenance");
                Err(failure.with_context(context))
            }
        }
    }

    /// The drive, in maintenance or not.
    pub(crate) fn drive_even_asleep(&self) -> Result<&Drive, Failure> {
        let drive = self.state.drives.get(&self.params.id(0));
        let mine = |drive: &&Drive| self.grant.user.accounts.contains(&drive.account);
        drive.filter(mine).ok_or_else(|| {
            let failure = Failure::new(404, "object_not_found", "Object not found");
            failure.with_context(json!({ "model": "Drive" }))
        })
    }

    /// The drive, to change it; a second passes.
    pub(crate) fn drive_mut(&mut self) -> Result<(&mut Drive, u64), Failure> {
        self.drive()?;
        let now = self.state.tick();
        let drive = self.state.drives.get_mut(&self.params.id(0));
        drive
            .map(|drive| (drive, now))
            .ok_or_else(Failure::no_route)
    }

    /// The object of the second `{…}`.
    pub(crate) fn node(&self) -> Result<&Node, Failure> {
        self.node_of(self.params.id(1))
    }

    /// Any object that is not in the trash.
    pub(crate) fn node_of(&self, id: u64) -> Result<&Node, Failure> {
        let found = self.drive()?.alive(id);
        found.ok_or_else(|| self.state.missing("File"))
    }

    /// The folder of the second `{…}`.
    pub(crate) fn folder(&self) -> Result<&Node, Failure> {
        let node = self.node()?;
        if node.is_folder() {
            return Ok(node);
        }
        Err(self.not_a_folder())
    }

    pub(crate) fn not_a_folder(&self) -> Failure {
        let status = self.state.switches.not_a_directory_status;
        let text = "The destination is not a directory";
        Failure::new(status, "destination_not_a_directory", text)
    }

    /// How v3 tells objects here.
    pub(crate) fn telling(&self) -> Telling {
        Telling::v3(self.filtered(With::of(&self.request.query)))
    }

    /// How v2 tells objects here.
    pub(crate) fn legacy(&self) -> Telling {
        Telling::v2(self.filtered(With::of(&self.request.query)))
    }

    /// Leaves out what a switch says is never told.
    pub(crate) fn filtered(&self, mut with: With) -> With {
        with.etag &= self.state.switches.etags;
        with
    }
}

/// The folder whose children v2 shows under `folder`: it hides Private and shows its children
/// under the root.
pub(crate) fn legacy_children<'a>(drive: &'a Drive, folder: &'a Node) -> Vec<&'a Node> {
    let of = |id: u64| {
        let children = drive.nodes.get(&id).and_then(Node::folder);
        let ids = children.into_iter().flat_map(|folder| &folder.children);
        ids.filter_map(|(_, id)| drive.nodes.get(id))
    };
    if folder.id != ROOT {
        return of(folder.id).collect();
    }
    let special = of(ROOT).filter(|node| node.id != PRIVATE);
    special.chain(of(PRIVATE)).collect()
}
