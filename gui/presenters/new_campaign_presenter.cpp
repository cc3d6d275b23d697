// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/new_campaign_presenter.h"

#include <algorithm>

#include "gui/models/record_models.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;
using Import = services::CampaignService::Import;

/// Neither stopped nor put back, and more than written down.
bool stands(const services::ReleaseInfo& info) {
    switch (info.release.state) {
        case domain::ReleaseState::Running:
        case domain::ReleaseState::Paused:
        case domain::ReleaseState::Done:
            return true;
        default:
            return false;
    }
}

bool installs(const services::ReleaseInfo& info) {
    return info.release.spec.action == domain::DesiredAction::Install;
}

}  // namespace

NewCampaignPresenter::NewCampaignPresenter(ConnectionHub& hub, CampaignLines& lines,
                                           QObject* parent)
    : QObject(parent), m_hub(hub), m_lines(lines) {
    connect(&hub, &ConnectionHub::sessionOpened, this, &NewCampaignPresenter::reopened);
    connect(&lines, &CampaignLines::closed, this, [this] {
        m_list.cancel();
        m_calls.clear();
        m_releases.clear();
        m_busy = false;
        Q_EMIT changed();
    });
}

void NewCampaignPresenter::begin(const QString& releaseId, const QStringList& wanted) {
    m_calls.clear();
    m_busy = false;
    m_error.clear();
    m_form = Form();
    m_form.releaseId = releaseId;
    m_releases.clear();
    m_lines.open();
    const QList<QString> all = clusters();
    m_form.clusters = wanted.isEmpty() ? all : wanted;
    m_form.clusters.removeIf([&all](const QString& cluster) { return !all.contains(cluster); });
    if (!m_hub.session()) return;
    m_list = m_hub.session()->releases().list(
        {}, [this](absl::StatusOr<services::Page<services::ReleaseInfo>> page) {
            if (page.ok()) {
                m_releases = std::move(page->items);
                if (release() == nullptr && !m_releases.empty())
                    m_form.releaseId = toText(proposed().release.id);
                if (const auto* chosen = release(); chosen != nullptr && m_form.name.isEmpty()) {
                    m_form.name = toText(chosen->release.spec.agent) + QLatin1Char(' ') +
                                  toText(chosen->release.spec.version);
                }
            } else {
                m_error = sentenceOf(page.status());
            }
            Q_EMIT changed();
        });
    Q_EMIT changed();
}

void NewCampaignPresenter::setForm(const Form& form) {
    if (form == m_form) return;
    m_form = form;
    m_error.clear();
    Q_EMIT changed();
}

std::vector<NewCampaignPresenter::Choice> NewCampaignPresenter::releases() const {
    std::vector<Choice> out;
    for (const services::ReleaseInfo& info : m_releases) {
        out.push_back({toText(info.release.id),
                       QStringLiteral("#%1  %2  %3  %4")
                           .arg(info.release.number)
                           .arg(toText(info.release.spec.agent), models::versionsOf(info),
                                models::StatusWords::of(info.release.state).word)});
    }
    return out;
}

QList<models::ClusterPlace> NewCampaignPresenter::places() const {
    QList<models::ClusterPlace> out;
    for (const CampaignLines::Line& line : m_lines.lines()) {
        if (line.session != nullptr && !line.readOnly)
            out << models::ClusterPlace{toText(line.cluster), line.kind};
    }
    // Who takes the list as it is does not begin with production.
    std::stable_partition(out.begin(), out.end(),
                          [](const models::ClusterPlace& place) { return !place.isProduction(); });
    return out;
}

QList<QString> NewCampaignPresenter::clusters() const {
    QList<QString> out;
    for (const models::ClusterPlace& place : places())
        out << place.name;
    return out;
}

const services::ReleaseInfo* NewCampaignPresenter::release() const {
    const auto found = std::find_if(m_releases.begin(), m_releases.end(), [this](const auto& info) {
        return toText(info.release.id) == m_form.releaseId;
    });
    return found == m_releases.end() ? nullptr : &*found;
}

const services::ReleaseInfo& NewCampaignPresenter::proposed() const {
    const auto last = std::find_if(m_releases.begin(), m_releases.end(), stands);
    if (last == m_releases.end()) return m_releases.front();
    const auto* newest = newestOf(last->release.spec.agent);
    return newest == nullptr || !installs(*last) ? *last : *newest;
}

const services::ReleaseInfo* NewCampaignPresenter::newestOf(const std::string& agent) const {
    const services::ReleaseInfo* out = nullptr;
    for (const services::ReleaseInfo& info : m_releases) {
        const domain::ReleaseSpec& spec = info.release.spec;
        if (spec.agent != agent || !stands(info) || !installs(info)) continue;
        const int order =
            out == nullptr ? 1 : filter::compareVersions(spec.version, out->release.spec.version);
        // Of one version what is done here: it has proved itself.
        const bool done = info.release.state == domain::ReleaseState::Done;
        if (order > 0 || (order == 0 && done && out->release.state != domain::ReleaseState::Done))
            out = &info;
    }
    return out;
}

QString NewCampaignPresenter::warning() const {
    const auto* chosen = release();
    if (chosen == nullptr) return {};
    switch (chosen->release.state) {
        case domain::ReleaseState::Halted:
        case domain::ReleaseState::RollingBack:
        case domain::ReleaseState::RolledBack:
        case domain::ReleaseState::Aborted:
            return tr("Release #%1 is %2: the campaign would bring the same version everywhere.")
                .arg(chosen->release.number)
                .arg(models::StatusWords::of(chosen->release.state).word);
        default:
            break;
    }
    const domain::ReleaseSpec& spec = chosen->release.spec;
    const auto* newest = newestOf(spec.agent);
    if (newest == nullptr || !installs(*chosen)) return {};
    const std::string& version = newest->release.spec.version;
    if (filter::compareVersions(spec.version, version) >= 0) return {};
    return tr("Release #%1 brings %2, which is older than %3 of release #%4: the campaign would go "
              "back to it everywhere.")
        .arg(chosen->release.number)
        .arg(toText(spec.version), toText(version))
        .arg(newest->release.number);
}

bool NewCampaignPresenter::dropsGrayList() const {
    const auto* chosen = release();
    return chosen != nullptr && !chosen->release.spec.gray.uuids.empty();
}

domain::Campaign NewCampaignPresenter::campaign() const {
    domain::Campaign out;
    const auto* chosen = release();
    if (chosen == nullptr) return out;
    out.id = m_id;
    out.name = m_form.name.trimmed().toStdString();
    if (m_hub.identity()) out.createdBy = m_hub.identity()->user;
    out.created = m_hub.times().now();
    out.expires = out.created + std::chrono::hours(24 * m_form.expiresDays);
    out.settle = std::chrono::minutes(m_form.settleMinutes);
    out.agent = chosen->release.spec.agent;
    for (const QString& cluster : m_form.clusters) {
        const CampaignLines::Line* line = m_lines.lineOf(cluster.toStdString());
        if (line == nullptr) continue;
        domain::CampaignStep step{line->cluster, line->caPem, chosen->release.spec};
        if (line->cluster != m_hub.profile().bundle.cluster) step.spec.gray.uuids.clear();
        out.steps.push_back(std::move(step));
    }
    out.versions = domain::versionsOf(out.steps);
    return out;
}

QString NewCampaignPresenter::problem() const {
    if (m_busy) return tr("The clusters are asked.");
    if (const QString why = m_hub.whyNot("campaign.import"); !why.isEmpty()) return why;
    if (release() == nullptr) return tr("Choose the release that it is made from.");
    const auto name = static_cast<std::size_t>(m_form.name.trimmed().toUtf8().size());
    if (name == 0 || name > domain::kMaxCampaignNameBytes)
        return tr("Give it a name of at most 128 bytes.");
    if (m_form.clusters.size() < 2)
        return tr("Choose two clusters or more; for one cluster make a release.");
    return {};
}

models::CtlCommand NewCampaignPresenter::command() const {
    const auto* chosen = release();
    if (chosen == nullptr) return {};
    return models::createCampaignCommand(m_form.name.trimmed(), chosen->release.number,
                                         m_hub.profile().bundle.cluster, m_form.clusters,
                                         std::chrono::minutes(m_form.settleMinutes),
                                         std::chrono::hours(24 * m_form.expiresDays));
}

void NewCampaignPresenter::create(const QString& reason) {
    if (!problem().isEmpty()) return;
    m_id = base::randomUuid();
    const domain::Campaign made = campaign();
    if (const absl::Status valid = domain::checkCampaign(made); !valid.ok()) {
        m_error = sentenceOf(valid);
        Q_EMIT changed();
        return;
    }
    m_document = codec::campaignToBytes(made);
    m_reason = reason;
    m_error.clear();
    m_busy = true;
    importAll(Import::Validate);
    Q_EMIT changed();
}

void NewCampaignPresenter::importAll(Import how) {
    m_how = how;
    m_answers.clear();
    m_calls.clear();
    services::Mutation mutation;
    mutation.reason = m_reason.toStdString();
    for (const QString& name : m_form.clusters) {
        const std::string cluster = name.toStdString();
        const CampaignLines::Line* line = m_lines.lineOf(cluster);
        if (line == nullptr || line->session == nullptr) {
            m_answers[cluster] = base::makeError(absl::StatusCode::kUnavailable, "NOT_CONNECTED",
                                                 cluster, "there is no connection to it");
            continue;
        }
        m_calls[cluster] = line->session->campaigns().import(
            m_document, how, mutation,
            [this, cluster](const absl::StatusOr<services::CampaignInfo>& answer) {
                take(cluster, answer.status());
            });
    }
}

void NewCampaignPresenter::take(const std::string& cluster, const absl::Status& status) {
    m_answers[cluster] = status;
    if (m_answers.size() == static_cast<std::size_t>(m_form.clusters.size())) finish();
}

void NewCampaignPresenter::finish() {
    QStringList refused;
    for (const auto& [cluster, status] : m_answers) {
        if (!status.ok()) refused << tr("%1: %2").arg(toText(cluster), failureOf(status));
    }
    const bool stored = m_how == Import::Store;
    if (refused.isEmpty() && !stored) {
        importAll(Import::Store);
        return;
    }
    m_busy = false;
    m_error = refused.join(QLatin1Char('\n'));
    // Where some hold it, it is there: the others are carried it.
    const bool made = stored && refused.size() < m_form.clusters.size();
    Q_EMIT changed();
    if (made) Q_EMIT created(toText(m_id));
}

}  // namespace ifrit::gui::presenters
