// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/packages_presenter.h"

#include <QFileInfo>

#include <set>

#include "gui/presenters/filter_count.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::StatusKind;
using models::toText;

constexpr int kReloadAfterMs = 300;

}  // namespace

PackagesPresenter::PackagesPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_model(hub.times()),
      m_list([this] {
          m_model.setRecords(m_list.items());
          followChosen();
          Q_EMIT changed();
      }),
      m_remove{hub} {
    m_reload.setSingleShot(true);
    connect(&m_reload, &QTimer::timeout, this, &PackagesPresenter::refresh);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (m_hub.isConnected() && !m_list.loaded() && !m_list.loading()) refresh();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_list.error().ok()) refresh();
        if (m_chosen && !m_manifestError.ok()) choose(toText(m_chosen->manifestDigest));
    });
    connect(&hub, &ConnectionHub::identityChanged, this, &PackagesPresenter::changed);
    connect(&m_remove, &PendingChange::changed, this, &PackagesPresenter::chosenChanged);
    connect(&m_remove, &PendingChange::acted, this, &PackagesPresenter::acted);
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_get.cancel();
        m_publish.cancel();
        m_publishing = false;
        m_publishText.clear();
        m_list.clear();
        m_model.setRecords({});
        m_chosen.reset();
        Q_EMIT chosenChanged();
        Q_EMIT publishChanged();
    });
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        // A release that moves changes only where packages run, and does so many times a minute:
        // that is read while somebody looks.
        if (event.kind == Kind::ReleaseChanged && !m_shown) {
            m_stale = true;
        } else if (event.kind == Kind::PackageChanged || event.kind == Kind::ReleaseChanged ||
                   event.kind == Kind::Reset) {
            // Not started anew: events that keep coming must not put the reload off for ever.
            if (!m_reload.isActive()) m_reload.start(m_list.pauseMs(kReloadAfterMs));
        }
    });
}

void PackagesPresenter::setShown(bool shown) {
    m_shown = shown;
    if (shown && m_stale) refresh();
}

void PackagesPresenter::refresh() {
    if (!m_hub.session()) return;
    m_stale = false;
    m_list.reload([this](const services::PageRequest& page,
                         services::Reply<services::Page<services::PackageInfo>> reply) {
        return m_hub.session()->packages().list({}, page, std::move(reply));
    });
}

void PackagesPresenter::setFilter(const QString& text) {
    m_filter = text;
    m_model.setFilter(text);
    // What is not seen is not acted on.
    if (m_chosen && !text.isEmpty() && m_model.rowOfKey(toText(m_chosen->manifestDigest)) < 0)
        choose({});
    m_list.readWhole(!text.isEmpty());
    Q_EMIT changed();
}

QString PackagesPresenter::emptyLine() const {
    if (m_filter.isEmpty() || m_model.rowCount() > 0) return {};
    return hasMore() ? tr("None of the packages that were read so far matches the filter.")
                     : tr("No package matches the filter.");
}

void PackagesPresenter::choose(const QString& digest) {
    m_get.cancel();
    m_manifestError = absl::OkStatus();
    m_chosen.reset();
    if (const auto* known = m_model.at(m_model.rowOfKey(digest))) m_chosen = *known;
    Q_EMIT chosenChanged();
    if (digest.isEmpty() || !m_hub.session()) return;
    services::PackageRef ref;
    ref.manifestDigest = digest.toStdString();
    m_get = m_hub.session()->packages().get(
        ref, [this](const absl::StatusOr<services::PackageInfo>& package) {
            m_manifestError = package.status();
            if (package.ok()) m_chosen = *package;
            if (absl::IsNotFound(package.status())) m_chosen.reset();
            Q_EMIT chosenChanged();
        });
}

void PackagesPresenter::followChosen() {
    if (!m_chosen || !m_list.error().ok()) return;
    const auto* listed = m_model.at(m_model.rowOfKey(toText(m_chosen->manifestDigest)));
    if (listed == nullptr) {
        // On a page that was not read it may still be.
        if (!m_list.hasMore() || !m_filter.isEmpty()) choose({});
        return;
    }
    // The list brings no manifest; what it brings is newer than what was asked for once.
    std::string manifest = std::move(m_chosen->manifest);
    m_chosen = *listed;
    if (m_chosen->manifest.empty()) m_chosen->manifest = std::move(manifest);
    Q_EMIT chosenChanged();
}

QList<QPair<QString, QString>> PackagesPresenter::chosenFacts() const {
    if (!m_chosen) return {};
    const services::PackageInfo& package = *m_chosen;
    QList<QPair<QString, QString>> out = {
        {tr("Machine types"), models::joined(package.machineTypes)},
        {tr("Running on"), tr("%1 machine(s)", "", models::pluralOf(package.runningOn))
                               .arg(grouped(static_cast<qint64>(package.runningOn)))},
        {tr("Archive"), tr("%1, unpacked %2, %3 file(s)", "", models::pluralOf(package.files))
                            .arg(models::bytes(package.archiveSizeBytes),
                                 models::bytes(package.unpackedSizeBytes), grouped(package.files))},
        {tr("Published"),
         tr("%1 by %2").arg(m_hub.times().at(package.published), toText(package.publishedBy))},
        {tr("Manifest"), toText(package.manifestDigest)},
        {tr("Signed by key"), toText(package.keyId)}};
    if (!package.description.empty())
        out << qMakePair(tr("Description"), toText(package.description));
    return out;
}

Action PackagesPresenter::publishAction() const {
    if (m_publishing) return {tr("A package is being published.")};
    return {m_hub.whyNot("package.publish")};
}

void PackagesPresenter::publish(const QString& path) {
    if (!publishAction().enabled()) return;
    m_path = QFileInfo(path).fileName();
    m_publishing = true;
    m_percent = 0;
    m_publishKind = StatusKind::Run;
    m_publishText = KeptText([path = m_path] { return tr("Checking %1.").arg(path); });
    services::PublishRequest request;
    request.path = path.toStdString();
    m_publish = m_hub.session()->packages().publish(
        request, [this](const services::PublishProgress& now) { progress(now); },
        [this](const absl::StatusOr<services::PublishResult>& result) { published(result); });
    Q_EMIT publishChanged();
}

void PackagesPresenter::cancelPublish() {
    if (!m_publishing) return;
    m_publish.cancel();
    m_publishing = false;
    m_publishKind = StatusKind::None;
    m_publishText = KeptText([path = m_path] {
        return tr("Publishing %1 was cancelled; what was uploaded is used the next time.")
            .arg(path);
    });
    Q_EMIT publishChanged();
}

void PackagesPresenter::progress(const services::PublishProgress& now) {
    using Phase = services::PublishProgress::Phase;
    m_percent = now.totalBytes == 0 ? 0 : static_cast<int>(100 * now.doneBytes / now.totalBytes);
    switch (now.phase) {
        case Phase::Checking:
            m_publishText = KeptText([path = m_path] { return tr("Checking %1.").arg(path); });
            break;
        case Phase::Uploading:
            m_publishText = KeptText([path = m_path, now] {
                return tr("Uploading %1: %2 of %3.")
                    .arg(path, models::bytes(now.doneBytes), models::bytes(now.totalBytes));
            });
            break;
        case Phase::Finishing:
            m_publishText =
                KeptText([path = m_path] { return tr("The master checks %1.").arg(path); });
            break;
    }
    Q_EMIT publishChanged();
}

void PackagesPresenter::published(const absl::StatusOr<services::PublishResult>& result) {
    m_publishing = false;
    if (result.ok()) {
        m_publishKind = StatusKind::Ok;
        m_publishText = KeptText([existed = result->existed, isBack = result->archivePutBack,
                                  agent = toText(result->package.agent),
                                  version = toText(result->package.version)] {
            if (!existed) return tr("%1 %2 is published.").arg(agent, version);
            return (isBack
                        ? tr("%1 %2 was there already; its archive was missing and was put back.")
                        : tr("%1 %2 was there already; nothing changed."))
                .arg(agent, version);
        });
        refresh();
    } else {
        m_publishKind = StatusKind::Fail;
        m_publishText = KeptText([status = result.status()] { return failureOf(status); });
    }
    Q_EMIT publishChanged();
}

Action PackagesPresenter::removeAction() const {
    return m_chosen ? removeActionOf(*m_chosen) : Action{tr("No package is chosen.")};
}

Action PackagesPresenter::removeActionOf(const services::PackageInfo& package) const {
    if (package.inUse)
        return {
            tr("The package is in use: something desires it, or a release "
               "names it.")};
    return {m_remove.whyNot("package.delete")};
}

std::optional<Action> PackagesPresenter::removeAction(const std::string& digest) const {
    if (m_chosen && m_chosen->manifestDigest == digest) return removeActionOf(*m_chosen);
    const auto& all = m_list.items();
    const auto known = std::find_if(all.begin(), all.end(), [&digest](const auto& package) {
        return package.manifestDigest == digest;
    });
    if (known == all.end()) return std::nullopt;
    return removeActionOf(*known);
}

models::DangerFacts PackagesPresenter::removeFacts() const {
    models::DangerFacts facts(m_hub.place());
    facts.danger = domain::dangerOfDestruction({1, 0, m_hub.isProduction()});
    facts.title = tr("Delete %1 %2?").arg(toText(m_chosen->agent), toText(m_chosen->version));
    facts.sentence =
        tr("The archive goes away from the master. Publishing it again needs the file.");
    facts.facts = chosenFacts();
    facts.verb = tr("Delete");
    facts.machines = 1;
    facts.countPrompt = tr("Type the number of packages, 1, to go on");
    facts.commands = {models::deletePackageCommand(m_chosen->manifestDigest)};
    return facts;
}

void PackagesPresenter::remove(const std::string& digest, const QString& reason) {
    services::Mutation mutation;
    mutation.reason = reason.toStdString();
    m_remove.begin(
        m_remove.whyNot("package.delete"),
        [&](const auto& reply) {
            return m_hub.session()->packages().remove(digest, mutation, reply);
        },
        [this, digest](const absl::Status& status) {
            if (status.ok() && m_chosen && m_chosen->manifestDigest == digest) choose({});
            refresh();
            return failureOf(status);
        });
}

QString PackagesPresenter::countLine() const {
    if (!m_list.loaded()) return {};
    const auto packages = static_cast<qint64>(m_list.items().size());
    if (!m_filter.isEmpty()) return countText(m_model.rowCount(), packages, hasMore());
    std::set<std::string> agents;
    for (const services::PackageInfo& package : m_list.items())
        agents.insert(package.agent);
    return tr("%1 package(s)", "", models::pluralOf(m_list.items().size())).arg(grouped(packages)) +
           QStringLiteral(" · ") +
           tr("%1 agent(s)", "", models::pluralOf(agents.size())).arg(agents.size()) +
           (hasMore() ? tr(" · more to load") : QString());
}

models::ViewNotice PackagesPresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_list.loaded();
    facts.error = m_list.error();
    facts.total = static_cast<qint64>(m_list.items().size());
    // What is not read yet may match.
    facts.shown = hasMore() ? facts.total : m_model.rowCount();
    facts.empty = tr("No package is published yet. Drop a package file here.");
    if (publishAction().enabled()) facts.firstAction = tr("Publish a package…");
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters
