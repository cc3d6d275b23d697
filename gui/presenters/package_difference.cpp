// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/package_difference.h"

#include <algorithm>
#include <memory>

#include "shared/package/manifest_toml.h"

namespace ifrit::gui::presenters {
namespace {

using models::ManifestChange;
using models::toText;

// Unchecked signatures: what is compared is only shown, and the master checked it when it was
// published, as each machine does before it runs it.
absl::StatusOr<std::vector<ManifestChange>> differenceOf(const std::string& before,
                                                         const std::string& after) {
    const auto was = package::parseManifest(before);
    if (!was.ok()) return was.status();
    const auto is = package::parseManifest(after);
    if (!is.ok()) return is.status();
    return models::manifestDifference(*was, *is);
}

}  // namespace

PackageDifference::PackageDifference(ConnectionHub& hub, PackagesPresenter& packages,
                                     models::Worker& worker, QObject* parent)
    : QObject(parent), m_hub(hub), m_packages(packages), m_worker(worker) {
    connect(&packages, &PackagesPresenter::chosenChanged, this, &PackageDifference::follow);
    connect(&hub, &ConnectionHub::sessionClosing, this, &PackageDifference::drop);
    connect(&hub, &ConnectionHub::linkChanged, this, &PackageDifference::follow);
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (m_step == Step::Failed) refresh();
    });
}

void PackageDifference::setShown(bool shown) {
    m_shown = shown;
    follow();
}

void PackageDifference::refresh() {
    drop();
    // The one that is chosen is read by whoever shows it, and is half of the comparison.
    if (!m_packages.manifestError().ok() && m_hub.isConnected())
        m_packages.choose(models::toText(m_digest));
    follow();
}

void PackageDifference::drop() {
    ++m_run;
    m_call.cancel();
    m_ofAgent.clear();
    m_previous.clear();
    m_baseManifest.clear();
    m_base = 0;
    m_model.setRecords({});
    go(Step::Idle);
}

void PackageDifference::follow() {
    const auto& package = m_packages.chosen();
    const std::string digest = package ? package->manifestDigest : std::string();
    if (digest != m_digest) {
        m_digest = digest;
        drop();
    }
    if (m_digest.empty() || !m_shown) return;
    if (m_step == Step::Idle && m_hub.isConnected()) begin();
    // What was missing may have come.
    if (m_step == Step::Fetching) compare();
}

void PackageDifference::begin() {
    go(Step::Searching);
    search({});
}

void PackageDifference::search(const std::string& token) {
    using Packages = services::Page<services::PackageInfo>;
    m_call = m_hub.session()->packages().list(
        m_packages.chosen()->agent, {token, 0}, [this](const absl::StatusOr<Packages>& page) {
            if (!page.ok()) return fail(page.status());
            m_ofAgent.insert(m_ofAgent.end(), page->items.begin(), page->items.end());
            if (!page->nextToken.empty()) return search(page->nextToken);
            m_previous = models::previousOf(*m_packages.chosen(), m_ofAgent);
            m_ofAgent.clear();
            if (m_previous.empty()) return go(Step::NonePrevious);
            fetch();
        });
}

void PackageDifference::fetch() {
    go(Step::Fetching);
    services::PackageRef ref;
    ref.manifestDigest = baseAsFetched().manifestDigest;
    m_call = m_hub.session()->packages().get(
        ref, [this](const absl::StatusOr<services::PackageInfo>& base) {
            if (!base.ok()) return fail(base.status());
            m_baseManifest = base->manifest;
            compare();
        });
}

void PackageDifference::compare() {
    if (m_baseManifest.empty()) return;
    const std::string& manifest = m_packages.chosen()->manifest;
    if (manifest.empty()) {
        if (!m_packages.manifestError().ok()) fail(m_packages.manifestError());
        return;
    }
    go(Step::Comparing);
    auto changes = std::make_shared<Changes>();
    m_worker.run(
        this,
        [changes, before = m_baseManifest, after = manifest] {
            *changes = differenceOf(before, after);
        },
        [this, changes, run = ++m_run] {
            if (run == m_run) take(std::move(*changes));
        });
}

void PackageDifference::take(Changes changes) {
    if (!changes.ok()) return fail(changes.status());
    m_model.setRecords(*std::move(changes));
    go(Step::Done);
}

void PackageDifference::chooseBase(int base) {
    if (base == m_base || base < 0 || base >= static_cast<int>(m_previous.size())) return;
    if (m_hub.session() == nullptr) return;
    ++m_run;
    m_base = base;
    m_baseManifest.clear();
    m_model.setRecords({});
    fetch();
}

void PackageDifference::go(Step step) {
    m_step = step;
    m_error = absl::OkStatus();
    Q_EMIT changed();
}

void PackageDifference::fail(const absl::Status& status) {
    m_step = Step::Failed;
    m_error = status;
    Q_EMIT changed();
}

QStringList PackageDifference::bases() const {
    QStringList out;
    for (const models::PreviousPackage& one : m_previous) {
        out << tr("%1 for %2").arg(toText(one.package.version), models::joined(one.machineTypes));
    }
    return out;
}

QString PackageDifference::line() const {
    if (m_step != Step::Done) return {};
    const auto& changes = m_model.all();
    const auto files = std::count_if(changes.begin(), changes.end(),
                                     [](const ManifestChange& change) { return change.isFile(); });
    const auto fields = static_cast<qint64>(changes.size()) - files;
    return tr("Against %1: fields %2 · files %3")
        .arg(bases().value(m_base), models::grouped(fields), models::grouped(files));
}

QString PackageDifference::emptyText() const {
    switch (m_step) {
        case Step::Idle:
            return tr("Not connected.");
        case Step::Searching:
        case Step::Fetching:
        case Step::Comparing:
            return tr("Reading both manifests…");
        case Step::NonePrevious:
            return tr("No older version of this agent is published for its machine types.");
        case Step::Failed:
            return sentenceOf(m_error) + QLatin1Char('\n') + codeLineOf(m_error);
        case Step::Done:
            break;
    }
    return tr("Nothing differs but the version and the archive.");
}

}  // namespace ifrit::gui::presenters
