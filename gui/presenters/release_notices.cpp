// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_notices.h"

#include <algorithm>

#include "gui/models/own_words.h"

namespace ifrit::gui::presenters {
namespace {

using domain::ReleaseState;
using models::StatusKind;
using models::toText;
using Kind = ReleaseNotice::Kind;

}  // namespace

models::StatusLook ReleaseNoticeWords::lookOf(Kind kind) {
    switch (kind) {
        case Kind::Drafted:
            return {StatusKind::None, tr("drafted")};
        case Kind::Started:
            return {StatusKind::Run, tr("started")};
        case Kind::StageOpened:
            return {StatusKind::Run, tr("stage opened")};
        case Kind::Waits:
            return {StatusKind::Wait, tr("waits")};
        case Kind::Paused:
            return {StatusKind::Wait, tr("paused")};
        case Kind::Resumed:
            return {StatusKind::Run, tr("resumed")};
        case Kind::Halted:
            return {StatusKind::Fail, tr("halted")};
        case Kind::RollingBack:
            return {StatusKind::Wait, tr("rolling back")};
        case Kind::RolledBack:
            return {StatusKind::Fail, tr("rolled back")};
        case Kind::Aborted:
            return {StatusKind::Fail, tr("aborted")};
        case Kind::Discarded:
            return {StatusKind::None, tr("discarded")};
        case Kind::Done:
            return {StatusKind::Ok, tr("done")};
    }
    return {};
}

QString ReleaseNoticeWords::nameOf(const services::ReleaseInfo& info) {
    return tr("#%1 %2 %3", "a release: number, agent, versions")
        .arg(info.release.number)
        .arg(toText(info.release.spec.agent), models::versionsOf(info));
}

QString ReleaseNoticeWords::historyOf(const services::ReleaseInfo& info) {
    if (!info.release.historyRemoval) return {};
    return tr(
        "What each machine did in this release is not kept any more. Its counts, timeline and "
        "audit are.");
}

QString ReleaseNoticeWords::sentenceOf(const ReleaseNotice& notice) {
    const QString name = nameOf(notice.info);
    const QString stage = models::StatusWords::nameOf(notice.info.release.stage, notice.info.batch);
    switch (notice.kind) {
        case Kind::Drafted:
            return tr("%1 was drafted").arg(name);
        case Kind::Started:
            return tr("%1 was started").arg(name);
        case Kind::StageOpened:
            return tr("%1: stage %2 opened").arg(name, stage);
        case Kind::Waits:
            return tr("%1 waits for an operator at stage %2").arg(name, stage);
        case Kind::Paused:
            return tr("%1 was paused").arg(name);
        case Kind::Resumed:
            return tr("%1 was resumed").arg(name);
        case Kind::Halted:
            return notice.info.release.haltReason.empty()
                       ? tr("%1 was halted at stage %2").arg(name, stage)
                       : tr("%1 was halted: %2")
                             .arg(name, models::OwnWords::ofProgress(
                                            toText(notice.info.release.haltReason)));
        case Kind::RollingBack:
            return tr("%1 is being rolled back").arg(name);
        case Kind::RolledBack:
            return tr("%1 was rolled back").arg(name);
        case Kind::Aborted:
            return tr("%1 was aborted").arg(name);
        case Kind::Discarded:
            return tr("The draft of %1 was discarded").arg(name);
        case Kind::Done:
            return tr("%1 is done").arg(name);
    }
    return name;
}

bool ReleaseNoticeWords::wantsAttention(Kind kind) {
    switch (kind) {
        case Kind::Waits:
        case Kind::Halted:
        case Kind::RolledBack:
        case Kind::Aborted:
        case Kind::Done:
            return true;
        default:
            return false;
    }
}

std::vector<Kind> noticesBetween(const services::ReleaseInfo& before,
                                 const services::ReleaseInfo& after) {
    std::vector<Kind> out;
    const ReleaseState from = before.release.state;
    const ReleaseState to = after.release.state;
    const bool begins = from == ReleaseState::Draft && to != ReleaseState::Draft;
    if (begins && to != ReleaseState::Aborted) out.push_back(Kind::Started);
    const bool stage = before.release.stage != after.release.stage || before.batch != after.batch;
    if (stage && !begins && to != ReleaseState::Draft && !after.ended())
        out.push_back(Kind::StageOpened);
    if (from != to) {
        switch (to) {
            case ReleaseState::Running:
                if (!begins) out.push_back(Kind::Resumed);
                break;
            case ReleaseState::Paused:
                out.push_back(Kind::Paused);
                break;
            case ReleaseState::Halted:
                out.push_back(Kind::Halted);
                break;
            case ReleaseState::RollingBack:
                out.push_back(Kind::RollingBack);
                break;
            case ReleaseState::RolledBack:
                out.push_back(Kind::RolledBack);
                break;
            case ReleaseState::Aborted:
                out.push_back(begins ? Kind::Discarded : Kind::Aborted);
                break;
            case ReleaseState::Done:
                out.push_back(Kind::Done);
                break;
            default:
                break;
        }
    }
    if (after.waitsForPerson() && (stage || !before.waitsForPerson())) out.push_back(Kind::Waits);
    return out;
}

ReleaseWatch::ReleaseWatch(ConnectionHub& hub, ReleasesPresenter& releases, QObject* parent)
    : QObject(parent), m_releases(releases) {
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_known.clear();
        m_newest = 0;
        m_begun = false;
    });
    connect(&releases, &ReleasesPresenter::changed, this, &ReleaseWatch::look);
}

void ReleaseWatch::look() {
    if (!m_releases.loaded()) return;
    std::vector<ReleaseNotice> news;
    for (const services::ReleaseInfo& info : m_releases.model().all()) {
        const auto known = m_known.find(info.release.id);
        if (known == m_known.end()) {
            if (m_begun && info.release.number > m_newest) {
                news.push_back({Kind::Drafted, info});
                services::ReleaseInfo draft = info;
                draft.release.state = ReleaseState::Draft;
                for (const Kind kind : noticesBetween(draft, info))
                    news.push_back({kind, info});
            }
        } else {
            // A master that follows may know less than what was told already.
            if (info.release.revision < known->second.release.revision) continue;
            for (const Kind kind : noticesBetween(known->second, info))
                news.push_back({kind, info});
        }
        m_known[info.release.id] = info;
    }
    for (const auto& [id, info] : m_known)
        m_newest = std::max(m_newest, info.release.number);
    m_begun = true;
    for (const ReleaseNotice& notice : news)
        Q_EMIT happened(notice);
}

}  // namespace ifrit::gui::presenters
