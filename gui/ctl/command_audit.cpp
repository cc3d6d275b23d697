// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <memory>
#include <set>

#include "gui/ctl/commands.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/head_keeping.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "gui/ctl/whole_number.h"
#include "gui/heads/chain_file.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

struct AuditOptions {
    services::AuditQuery query;
    std::string since;
    std::string until;
    std::size_t limit = 100;
};

struct VerifyOptions {
    std::string file;
    bool older = false;  ///< the file may end before the heads that are kept
    bool here = false;
};

/// What the rows call it: a release's id for its number, which "#12" and "release #12" always are,
/// and "12" where the cluster has one of that number.
absl::Status resolveObject(Shell& shell, services::Session& session, std::string& object) {
    const std::size_t mark = object.find('#');
    const bool isNumber = mark == 0 || object.rfind("release #", 0) == 0;
    const std::string number = isNumber ? object.substr(mark + 1) : object;
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos)
        return absl::OkStatus();
    const auto release = shell.await<services::ReleaseInfo>(
        [&](auto reply) { return session.releases().get(number, std::move(reply)); });
    if (!release.ok() && !(absl::IsNotFound(release.status()) && !isNumber))
        return release.status();
    if (release.ok()) object = release->release.id;
    return absl::OkStatus();
}

/// "release.start" is one, "start" none: no row would ever have it.
absl::Status checkVerb(const std::string& verb) {
    const std::size_t dot = verb.find('.');
    const bool isOne = dot != std::string::npos && dot > 0 && dot + 1 < verb.size() &&
                       verb.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-.") == std::string::npos;
    if (verb.empty() || isOne) return absl::OkStatus();
    return usage(fmt::format("--verb: '{}' is no verb such as release.start", verb));
}

absl::Status list(Shell& shell, AuditOptions options) {
    IFRIT_RETURN_IF_ERROR(checkVerb(options.query.verb));
    if (!options.since.empty()) {
        IFRIT_ASSIGN_OR_RETURN(options.query.since, parseTime("--since", options.since));
    }
    if (!options.until.empty()) {
        IFRIT_ASSIGN_OR_RETURN(options.query.until, parseUntil("--until", options.until));
    }
    if (options.query.since && options.query.until && *options.query.since >= *options.query.until)
        return usage(
            fmt::format("--since {} is not before --until {}", options.since, options.until));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_RETURN_IF_ERROR(resolveObject(shell, *session, options.query.object));
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

/// Every row from the first on, in the order of the chain, until `take` has enough.
absl::Status readChain(Shell& shell, const std::function<bool(const services::AuditRow&)>& take) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    std::uint64_t after = 0;
    for (;;) {
        IFRIT_ASSIGN_OR_RETURN(const std::vector<services::AuditRow> rows,
                               shell.await<std::vector<services::AuditRow>>([&](auto reply) {
                                   return session->audit().read(after, std::move(reply));
                               }));
        if (rows.empty()) return absl::OkStatus();
        for (const services::AuditRow& row : rows) {
            if (!take(row)) return absl::OkStatus();
        }
        if (rows.back().id <= after) {
            return base::makeError(absl::StatusCode::kDataLoss, "AUDIT_BROKEN",
                                   std::to_string(rows.back().id),
                                   "the master sent the audit's rows out of order");
        }
        after = rows.back().id;
    }
}

/// What a walk here found, in the words of a walk on the master.
services::AuditVerification verificationOf(const audit::ChainCheck& check) {
    services::AuditVerification out;
    out.rows = check.rows();
    out.headHash = base::toHex(check.headHash());
    out.intact = check.intact();
    out.firstBrokenId = check.firstBrokenId();
    out.message = check.message();
    out.heads.hashes = check.hashes();
    return out;
}

std::set<std::uint64_t> rowsOf(const audit::KeptHeads& kept) {
    const std::vector<std::uint64_t> rows = kept.rows();
    return {rows.begin(), rows.end()};
}

absl::StatusOr<services::AuditVerification> walkOnMaster(Shell& shell,
                                                         const audit::KeptHeads& kept) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    return shell.await<services::AuditVerification>(
        [&](auto reply) { return session->audit().verify(kept.rows(), std::move(reply)); });
}

absl::StatusOr<services::AuditVerification> walkHere(Shell& shell, const audit::KeptHeads& kept) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    // First: rows that come meanwhile lie beyond it.
    IFRIT_ASSIGN_OR_RETURN(const services::AuditHeads now,
                           shell.await<services::AuditHeads>([&](auto reply) {
                               return session->audit().head({}, std::move(reply));
                           }));
    heads::RowWalk walk(rowsOf(kept));
    std::string atHead;
    IFRIT_RETURN_IF_ERROR(readChain(shell, [&](const services::AuditRow& row) {
        if (row.id == now.head.head.row) atHead = row.hash;
        return walk.add(row);
    }));
    services::AuditVerification out = verificationOf(walk.check());
    out.heads.head = now.head;
    if (out.intact && now.head.head.row != 0 && atHead != base::toHex(now.head.head.hash)) {
        out.intact = false;
        out.firstBrokenId = now.head.head.row;
        out.message = fmt::format("row {} is not the one that master {} signed just now",
                                  now.head.head.row, now.head.signer);
    }
    return out;
}

absl::StatusOr<services::AuditVerification> walkFile(const std::string& path,
                                                     const bundle::Bundle& bundle,
                                                     const audit::KeptHeads& kept) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return base::notFound("NO_FILE", path,
                              "{} cannot be read; write it with 'ifritctl audit "
                              "export > {}'",
                              path, path);
    }
    heads::RowWalk walk(rowsOf(kept));
    IFRIT_RETURN_IF_ERROR(heads::walkExport(file, path, walk));
    const bool chosen = !bundle.cluster.empty();
    if (chosen && !walk.cluster().empty() && walk.cluster() != bundle.cluster) {
        return base::invalidArgument("WRONG_CLUSTER", walk.cluster(),
                                     "{} is of cluster {}, the bundle of {}; choose its --context",
                                     path, walk.cluster(), bundle.cluster);
    }
    return verificationOf(walk.check());
}

/// Heads that were kept after the export was made lie beyond its end, which says nothing.
audit::HeadReport withoutNewer(audit::HeadReport report, std::uint64_t lastRow) {
    const auto newer = [lastRow](const audit::Contradiction& it) {
        return it.found.empty() && it.kept.head.row > lastRow;
    };
    const std::size_t before = report.wrong.size();
    report.wrong.erase(std::remove_if(report.wrong.begin(), report.wrong.end(), newer),
                       report.wrong.end());
    report.compared -= before - report.wrong.size();
    return report;
}

/// Prints what was found; an error where the chain itself is broken.
absl::Status conclude(Shell& shell, const AuditJudgement& judgement) {
    const services::AuditVerification& found = judgement.verification;
    shell.print().one(auditJudgementView(), judgement);
    if (found.intact) return absl::OkStatus();
    return base::makeError(
        absl::StatusCode::kDataLoss, "AUDIT_BROKEN", std::to_string(found.firstBrokenId),
        fmt::format("the audit chain is broken at row {}: {}; somebody wrote to the database "
                    "by hand: compare this row and its neighbours with a backup",
                    found.firstBrokenId, found.message));
}

/// The bundle says whose heads are to be compared; without one the chain alone is judged.
absl::StatusOr<services::AuditVerification> judgeFile(Shell& shell, const VerifyOptions& options,
                                                      audit::HeadReport& report) {
    const absl::StatusOr<services::ConnectionProfile> profile = shell.profile();
    // None was chosen; one that was, and cannot be read, is an error.
    if (!profile.ok() && !isUnchosen(profile.status())) return profile.status();
    if (!profile.ok()) {
        shell.note("no cluster is chosen: heads that are kept here are not compared");
        return walkFile(options.file, bundle::Bundle(), audit::KeptHeads());
    }
    IFRIT_ASSIGN_OR_RETURN(const audit::KeptHeads kept, headStoreOf(shell).load(profile->bundle));
    IFRIT_ASSIGN_OR_RETURN(services::AuditVerification found,
                           walkFile(options.file, profile->bundle, kept));
    report = kept.compare(found.heads.hashes);
    return found;
}

absl::Status verifyFile(Shell& shell, const VerifyOptions& options) {
    audit::HeadReport report;
    IFRIT_ASSIGN_OR_RETURN(const services::AuditVerification found,
                           judgeFile(shell, options, report));
    const std::size_t all = report.compared;
    report = withoutNewer(std::move(report), found.rows);
    const std::size_t beyond = all - report.compared;
    const bool isChosen = shell.profile().ok();
    IFRIT_RETURN_IF_ERROR(
        conclude(shell, {found, report, AuditJudgement::OfFile{isChosen, beyond}}));
    if (!report.agrees()) return concludeHeads(shell, report, found.heads.head);
    // A file brings no head of its own.
    if (beyond == 0 || options.older) return absl::OkStatus();
    return base::makeError(
        absl::StatusCode::kDataLoss, "AUDIT_SHORT", options.file,
        fmt::format("the export ends at row {}, and {} kept heads are of later rows: it was cut "
                    "off, or is older than they are; where it is older, say --older",
                    found.rows, beyond));
}

absl::Status verify(Shell& shell, const VerifyOptions& options) {
    if (options.here && !options.file.empty()) return usage("--here and --file exclude each other");
    if (options.older && options.file.empty())
        return usage("--older is about the export of --file");
    if (!options.file.empty()) return verifyFile(shell, options);
    IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile profile, shell.profile());
    IFRIT_ASSIGN_OR_RETURN(const audit::KeptHeads kept, headStoreOf(shell).load(profile.bundle));
    IFRIT_ASSIGN_OR_RETURN(const services::AuditVerification found,
                           options.here ? walkHere(shell, kept) : walkOnMaster(shell, kept));
    const audit::HeadReport report = kept.compare(found.heads.hashes);
    IFRIT_RETURN_IF_ERROR(conclude(shell, {found, report}));
    return concludeHeads(shell, report, found.heads.head);
}

absl::Status exportRows(Shell& shell) {
    const Format format = shell.print().format();
    if (format != Format::Table && format != Format::JsonLines)
        return usage("audit export writes jsonl, which 'audit verify --file' reads");
    Printer lines(shell.environment().terminal.out, Format::JsonLines);
    std::size_t rows = 0;
    IFRIT_RETURN_IF_ERROR(readChain(shell, [&](const services::AuditRow& row) {
        lines.one(auditView(), row);
        ++rows;
        return !shell.environment().terminal.out.fail();
    }));
    // How that ends is told at the end of every command.
    if (!shell.isRead()) return absl::OkStatus();
    shell.note(countOf(rows, "rows") + " exported, all there are");
    return absl::OkStatus();
}

absl::Status showHeads(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile profile, shell.profile());
    const heads::HeadStore store = headStoreOf(shell);
    IFRIT_ASSIGN_OR_RETURN(const audit::KeptHeads kept, store.load(profile.bundle));
    shell.print().list(signedHeadView(), kept.all());
    shell.note(fmt::format("{} kept in {}", countOf(kept.all().size(), "heads"),
                           store.pathOf(profile.bundle)));
    return absl::OkStatus();
}

absl::Status forget(Shell& shell, std::uint64_t row) {
    IFRIT_ASSIGN_OR_RETURN(const services::ConnectionProfile profile, shell.profile());
    IFRIT_RETURN_IF_ERROR(shell.confirm(
        fmt::format("Forget the kept heads of {} from row {} on? They prove what the audit was.",
                    profile.bundle.cluster, row)));
    heads::HeadStore store = headStoreOf(shell);
    IFRIT_ASSIGN_OR_RETURN(const std::size_t forgotten, store.forgetFrom(profile.bundle, row));
    shell.note(countOf(forgotten, "heads") + " forgotten");
    return absl::OkStatus();
}

void addList(Shell& shell, CLI::App& noun) {
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
    listVerb.add_option("--object", query.object, "Only about this; a release by its number too")
        ->type_name("ID");
    listVerb.add_option("--result", query.result, "allowed, denied or failed")
        ->type_name("RESULT")
        ->check(CLI::IsMember({"allowed", "denied", "failed"}));
    listVerb.add_option("--since", options->since, "From this time on")->type_name("TIME");
    listVerb.add_option("--until", options->until, "Before this time; a day is included")
        ->type_name("TIME");
    listVerb.add_option("--limit", options->limit, "At most so many (100); 0: all")
        ->type_name("N")
        ->check(wholeNumber(0, 1'000'000));
}

void addHeadVerbs(Shell& shell, CLI::App& noun) {
    const auto options = std::make_shared<VerifyOptions>();
    CLI::App& verifyVerb = shell.addVerb(
        noun,
        {"verify", "Check the hash chain, and that the heads kept here lie on it; exit 1 where not",
         "ifritctl audit verify\n  ifritctl audit verify --file audit.jsonl"},
        [&shell, options] { return verify(shell, *options); });
    verifyVerb
        .add_option("--file", options->file, "An export instead of a master; needs no network")
        ->type_name("FILE");
    verifyVerb.add_flag("--older", options->older,
                        "The export may end before the heads that are kept here");
    verifyVerb.add_flag("--here", options->here,
                        "Read every row and hash it here instead of on the master");
    shell.addVerb(noun,
                  {"export", "Every row as a JSON line, oldest first",
                   "ifritctl audit export -o jsonl > audit.jsonl"},
                  [&shell] { return exportRows(shell); });
    shell.addVerb(noun,
                  {"heads", "The signed heads of the audit that are kept here",
                   "ifritctl audit heads -o json"},
                  [&shell] { return showHeads(shell); });
    const auto row = std::make_shared<std::uint64_t>(0);
    CLI::App& forgetVerb =
        shell.addVerb(noun,
                      {"forget", "Forget kept heads, after the database was restored from a backup",
                       "ifritctl audit forget --from-row 4711 --yes"},
                      [&shell, row] { return forget(shell, *row); });
    forgetVerb.add_option("--from-row", *row, "Of this row and later ones")
        ->type_name("ROW")
        ->check(wholeNumber(1))
        ->required();
}

}  // namespace

void addAuditCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("audit", "Who changed what, also what was denied");
    addList(shell, noun);
    addHeadVerbs(shell, noun);
}

}  // namespace ifrit::gui::ctl
