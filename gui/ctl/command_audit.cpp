// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

struct AuditOptions {
    services::AuditQuery query;
    std::string since;
    std::string until;
    std::size_t limit = 100;
};

absl::Status list(Shell& shell, AuditOptions options) {
    if (!options.since.empty()) {
        IFRIT_ASSIGN_OR_RETURN(options.query.since, parseTime(options.since));
    }
    if (!options.until.empty()) {
        IFRIT_ASSIGN_OR_RETURN(options.query.until, parseTime(options.until));
    }
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::AuditRow> rows,
                           shell.awaitPages<services::AuditRow>(
                               [&](const services::PageRequest& page, auto reply) {
                                   options.query.page = page;
                                   return session->audit().list(options.query, std::move(reply));
                               },
                               options.limit, more));
    shell.print().list(auditView(), rows);
    shell.noteShown(rows.size(), "rows", more);
    return absl::OkStatus();
}

absl::Status verify(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::AuditVerification verification,
                           shell.await<services::AuditVerification>([&](auto reply) {
                               return session->audit().verify(std::move(reply));
                           }));
    shell.print().one(auditVerificationView(), verification);
    if (verification.intact) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kDataLoss, "AUDIT_BROKEN", "",
                           fmt::format("the audit chain is broken: {}", verification.message));
}

}  // namespace

void addAuditCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("audit", "Who changed what, also what was denied");
    const auto options = std::make_shared<AuditOptions>();
    CLI::App& listVerb =
        shell.addVerb(noun,
                      {"list", "Rows of the audit log, newest first",
                       "ifritctl audit list --actor anna --result denied --since 2026-01-31"},
                      [&shell, options] { return list(shell, *options); });
    services::AuditQuery& query = options->query;
    listVerb.add_option("--actor", query.actor, "Only of this operator")->type_name("NAME");
    listVerb.add_option("--verb", query.verb, "Only this verb, as release.start")
        ->type_name("VERB");
    listVerb.add_option("--object", query.object, "Only about this")->type_name("ID");
    listVerb.add_option("--result", query.result, "allowed, denied or failed")
        ->type_name("RESULT")
        ->check(CLI::IsMember({"allowed", "denied", "failed"}));
    listVerb.add_option("--since", options->since, "From this time on")->type_name("TIME");
    listVerb.add_option("--until", options->until, "Before this time")->type_name("TIME");
    listVerb.add_option("--limit", options->limit, "At most so many (100); 0: all")->type_name("N");
    shell.addVerb(noun,
                  {"verify", "Walk the hash chain on the master; exit 1 where it is broken",
                   "ifritctl audit verify"},
                  [&shell] { return verify(shell); });
}

}  // namespace ifrit::gui::ctl
