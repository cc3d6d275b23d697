// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

bool same(const PackageRecord& a, const PackageRecord& b) {
    return a.agent == b.agent && a.version == b.version && a.machineTypes == b.machineTypes &&
           a.manifestDigest == b.manifestDigest && a.archiveDigest == b.archiveDigest &&
           a.archiveBytes == b.archiveBytes && a.unpackedBytes == b.unpackedBytes &&
           a.files == b.files && a.keyId == b.keyId && a.publishedBy == b.publishedBy &&
           a.published == b.published && a.description == b.description &&
           a.manifest == b.manifest && a.signature == b.signature;
}

absl::Status put(Database& database, const PackageRecord& package) {
    return database.transact([&](Transaction& t) { return t.packages().put(package); });
}

absl::Status erase(Database& database, const std::string& digest) {
    return database.transact([&](Transaction& t) { return t.packages().erase(digest); });
}

}  // namespace

void checkPackageRoundTrip(const OpenDatabase& open) {
    const auto database = open();
    const PackageRecord old = packageOf("exporter", "1.0", 'a');
    const PackageRecord fresh = packageOf("exporter", "2.0", 'b');
    const PackageRecord other = packageOf("logger", "1.0", 'c');
    for (const PackageRecord& package : {old, fresh, other})
        VERIFY_OK(put(*database, package));
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto byDigest, t.packages().find(old.manifestDigest));
        if (!byDigest || !same(*byDigest, old)) return absl::InternalError("by digest");
        IFRIT_ASSIGN_OR_RETURN(const auto byName, t.packages().find("exporter", "2.0", "LINUX"));
        if (!byName || !same(*byName, fresh)) return absl::InternalError("by name");
        IFRIT_ASSIGN_OR_RETURN(const auto noType, t.packages().find("exporter", "2.0", "WINDOWS"));
        IFRIT_ASSIGN_OR_RETURN(const auto nothing, t.packages().find(std::string(64, 'z')));
        if (noType || nothing) return absl::InternalError("found what is not there");
        IFRIT_ASSIGN_OR_RETURN(const auto of, t.packages().list("exporter"));
        if (of.size() != 2 || of[0].version != "2.0") return absl::InternalError("newest first");
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.packages().list(""));
        return all.size() == 3 ? absl::OkStatus() : absl::InternalError("all");
    }));
}

void checkPackageListHasNoManifests(const OpenDatabase& open) {
    const auto database = open();
    PackageRecord one = packageOf("exporter", "1.0", 'a');
    PackageRecord other = packageOf("logger", "1.0", 'c');
    other.machineTypes = {"WINDOWS"};
    other.archiveDigest = one.archiveDigest;
    for (const PackageRecord& package : {one, other})
        VERIFY_OK(put(*database, package));
    one.manifest.clear();
    one.signature.clear();
    other.manifest.clear();
    other.signature.clear();
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.packages().list(""));
        if (all.size() != 2 || !same(all[0], one) || !same(all[1], other))
            return absl::InternalError("all, each with its types");
        IFRIT_ASSIGN_OR_RETURN(const auto of, t.packages().list("logger"));
        if (of.size() != 1 || !same(of[0], other)) return absl::InternalError("of one agent");
        IFRIT_ASSIGN_OR_RETURN(const auto both, t.packages().countWithArchive(one.archiveDigest));
        IFRIT_ASSIGN_OR_RETURN(const auto none, t.packages().countWithArchive(one.manifestDigest));
        return both == 2 && none == 0 ? absl::OkStatus() : absl::InternalError("of an archive");
    }));
}

void checkPackageVersionNeverChanges(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(put(*database, packageOf("exporter", "1.0", 'a')));
    VERIFY_OK(put(*database, packageOf("exporter", "1.0", 'a')));
    PackageRecord other = packageOf("exporter", "1.0", 'b');
    VERIFY_REASON(put(*database, other), "PACKAGE_EXISTS");
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto found, t.packages().find(other.manifestDigest));
        return found ? absl::InternalError("half of it stayed") : absl::OkStatus();
    }));
    // The same version for another machine type is another package.
    other.machineTypes = {"WINDOWS"};
    VERIFY_OK(put(*database, other));
}

void checkPackageInUseStays(const OpenDatabase& open) {
    const auto database = open();
    const PackageRecord package = packageOf("exporter", "1.0", 'a');
    VERIFY_REASON(erase(*database, package.manifestDigest), "PACKAGE_UNKNOWN");
    VERIFY_OK(put(*database, package));
    compose::DesiredRow row;
    row.entry.agent = "exporter";
    row.entry.version = "1.0";
    row.entry.manifestDigest = package.manifestDigest;
    row.machineType = "LINUX";
    release::DesiredEdit edit{release::DesiredEdit::Kind::Put, row, ""};
    VERIFY_OK(database->transact([&](Transaction& t) { return t.desired().edit(edit); }));
    VERIFY_REASON(erase(*database, package.manifestDigest), "PACKAGE_IN_USE");
    edit.kind = release::DesiredEdit::Kind::EraseFull;
    VERIFY_OK(database->transact([&](Transaction& t) { return t.desired().edit(edit); }));

    // As what a rollback of a running release would restore.
    release::Model model = releaseOf("r-1", 1);
    model.release.state = domain::ReleaseState::Running;
    model.previous["LINUX"] =
        release::Target{domain::DesiredAction::Install, "1.0", package.manifestDigest};
    const auto putRelease = [&] {
        return database->transact([&](Transaction& t) { return t.releases().put(model); });
    };
    VERIFY_OK(putRelease());
    VERIFY_REASON(erase(*database, package.manifestDigest), "PACKAGE_IN_USE");
    model.release.state = domain::ReleaseState::Done;
    VERIFY_OK(putRelease());
    VERIFY_OK(erase(*database, package.manifestDigest));
    VERIFY_OK(put(*database, package));
}

void checkWhomPackagesAreDesiredFor(const OpenDatabase& open) {
    const auto database = open();
    const PackageRecord settled = packageOf("exporter", "1.0", 'a');
    const PackageRecord tried = packageOf("exporter", "2.0", 'b');
    const PackageRecord unused = packageOf("exporter", "3.0", 'c');
    for (const PackageRecord& package : {settled, tried, unused})
        VERIFY_OK(put(*database, package));
    std::vector<release::DesiredEdit> edits;
    const auto want = [&edits](const PackageRecord& package, domain::Level level,
                               const std::string& type, const std::string& uuid) {
        compose::DesiredRow row;
        row.entry.agent = package.agent;
        row.entry.version = package.version;
        row.entry.manifestDigest = package.manifestDigest;
        row.entry.level = level;
        row.entry.releaseId = "r-1";
        row.machineType = type;
        row.machineUuid = uuid;
        edits.push_back({release::DesiredEdit::Kind::Put, row, ""});
    };
    want(settled, domain::Level::Full, "WINDOWS", "");
    want(settled, domain::Level::Full, "LINUX", "");
    for (int i = 0; i < 40; ++i) {
        want(tried, domain::Level::Gray, "LINUX", "m-" + std::to_string(90 - i));
        want(settled, domain::Level::Gray, "LINUX", "n-" + std::to_string(i));
    }
    VERIFY_OK(database->transact([&](Transaction& t) { return t.desired().editAll(edits); }));
    compose::DesiredRow without;
    without.entry.agent = "logger";
    without.entry.action = domain::DesiredAction::Uninstall;
    without.machineType = "LINUX";
    VERIFY_OK(database->transact([&](Transaction& t) {
        return t.desired().edit({release::DesiredEdit::Kind::Put, without, ""});
    }));
    std::map<std::string, DesiredUse> found;
    std::map<std::string, DesiredUse> expected;
    VERIFY_OK(open()->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(found, t.desired().uses());
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.desired().rows());
        for (const compose::DesiredRow& row : all.rows) {
            if (row.entry.action == domain::DesiredAction::Install)
                expected.try_emplace(row.entry.manifestDigest,
                                     DesiredUse{row.entry.level, row.machineType, row.machineUuid});
        }
        return absl::OkStatus();
    }));
    QVERIFY(found == expected);
    QCOMPARE(found.size(), std::size_t{2});
    QVERIFY((found.at(settled.manifestDigest) == DesiredUse{domain::Level::Full, "LINUX", ""}));
    QVERIFY((found.at(tried.manifestDigest) == DesiredUse{domain::Level::Gray, "LINUX", "m-51"}));
}

void checkPublisherKeys(const OpenDatabase& open) {
    const auto database = open();
    const PublisherKeyRecord key{"0123456789abcdef", "release team", "-----BEGIN", at(1), "alice"};
    const auto add = [&](const PublisherKeyRecord& record) {
        return database->transact(
            [&](Transaction& t) { return t.packages().putPublisherKey(record); });
    };
    VERIFY_OK(add(key));
    VERIFY_REASON(add(key), "PUBLISHER_KEY_EXISTS");
    PublisherKeyRecord sameName = key;
    sameName.keyId = "fedcba9876543210";
    VERIFY_REASON(add(sameName), "PUBLISHER_KEY_EXISTS");
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto keys, t.packages().listPublisherKeys());
        const bool exact = keys.size() == 1 && keys[0] == key;
        return exact ? absl::OkStatus() : absl::InternalError("as stored");
    }));
    const auto remove = [&] {
        return database->transact(
            [&](Transaction& t) { return t.packages().erasePublisherKey(key.keyId); });
    };
    VERIFY_OK(remove());
    VERIFY_REASON(remove(), "PUBLISHER_KEY_UNKNOWN");
}

}  // namespace ifrit::master::storage
