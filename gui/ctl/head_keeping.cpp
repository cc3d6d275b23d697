// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/head_keeping.h"

#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

absl::Status rewritten(const heads::HeadStore& store, const bundle::Bundle& bundle,
                       const audit::HeadReport& report) {
    return base::makeError(
        absl::StatusCode::kDataLoss, "AUDIT_REWRITTEN",
        std::to_string(report.wrong.front().kept.head.row),
        audit::sentenceOf(report) + fmt::format(" (kept heads: {})", store.pathOf(bundle)));
}

absl::Status fetchAndKeep(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile profile, shell.profile());
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const heads::HeadStore store = headStoreOf(shell);
    IFRIT_ASSIGN_OR_RETURN(const audit::KeptHeads kept, store.load(profile.bundle));
    IFRIT_ASSIGN_OR_RETURN(const services::AuditHeads now,
                           shell.await<services::AuditHeads>([&](auto reply) {
                               return session->audit().head(kept.rows(), std::move(reply));
                           }));
    return concludeHeads(shell, kept.compare(now.hashes), now.head);
}

}  // namespace

heads::HeadStore headStoreOf(const Shell& shell) {
    return heads::HeadStore(shell.environment().contexts.directory() + "/heads");
}

absl::Status concludeHeads(Shell& shell, const audit::HeadReport& report,
                           const audit::SignedHead& head) {
    IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile profile, shell.profile());
    heads::HeadStore store = headStoreOf(shell);
    // A head of the rewritten chain would only take room from those that prove it.
    if (!report.agrees()) return rewritten(store, profile.bundle, report);
    return store.keep(profile.bundle, head);
}

void keepHead(Shell& shell, Told told) {
    const absl::Status status = fetchAndKeep(shell);
    // A master of an earlier version signs none.
    if (status.ok() || status.code() == absl::StatusCode::kUnimplemented) return;
    const bool found = base::errorInfo(status).reason == "AUDIT_REWRITTEN";
    if (!found && told == Told::Warnings) return;
    shell.note(fmt::format("{}: {}",
                           found ? "WARNING" : "the audit head of this change is not kept",
                           base::messageOf(status)));
}

}  // namespace ifrit::gui::ctl
