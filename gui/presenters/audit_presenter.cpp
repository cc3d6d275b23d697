// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/audit_presenter.h"

#include "gui/models/own_words.h"
#include "gui/models/status_words.h"
#include "gui/presenters/view_judge.h"

namespace ifrit::gui::presenters {
namespace {

using models::grouped;
using models::StatusKind;
using models::toText;

constexpr int kReloadAfterMs = 300;

}  // namespace

AuditPresenter::AuditPresenter(ConnectionHub& hub, FleetFeed& feed, HeadKeeper& heads,
                               ReleasesPresenter* releases, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_heads(heads),
      m_releases(releases),
      m_model(hub.times(), nullptr, [this](const std::string& object) { return nameOf(object); }),
      m_list([this] {
          // What is asked for meanwhile has another time.
          if (m_list.error().ok() && !m_list.loading()) m_age.came();
          m_model.setRecords(m_list.items());
          Q_EMIT changed();
      }) {
    if (releases != nullptr) {
        connect(releases, &ReleasesPresenter::changed, this, &AuditPresenter::learnNumbers);
        learnNumbers();
    }
    connect(&heads, &HeadKeeper::changed, this, &AuditPresenter::changed);
    connect(&hub.times(), &models::TimeText::changed, this, &AuditPresenter::clockChanged);
    m_reload.setSingleShot(true);
    connect(&m_reload, &QTimer::timeout, this, &AuditPresenter::refresh);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (m_hub.isConnected() && !m_list.loaded() && !m_list.loading()) refresh();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_list.error().ok()) refresh();
    });
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_verify.cancel();
        m_verifying = false;
        m_verifyText.clear();
        m_list.clear();
        m_age.clear();
        m_model.setRecords({});
        Q_EMIT changed();
    });
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        const bool mine = event.kind == Kind::AuditAppended || event.kind == Kind::Reset;
        if (mine && !m_isLookedAt) m_age.outdate();
        if (mine && m_isLookedAt && !m_reload.isActive())
            m_reload.start(m_list.pauseMs(kReloadAfterMs));
    });
}

void AuditPresenter::learnNumbers() {
    std::map<std::string, std::uint64_t> numbers;
    for (const services::ReleaseInfo& info : m_releases->model().all())
        numbers[info.release.id] = info.release.number;
    if (numbers == m_numbers) return;
    const QString before = objectOf(m_filter.object);
    m_numbers = std::move(numbers);
    m_model.touchAll();
    if (objectOf(m_filter.object) != before) restart();
    Q_EMIT changed();
}

QString AuditPresenter::nameOf(const std::string& object) const {
    const auto found = m_numbers.find(object);
    return found == m_numbers.end() ? QString() : tr("release #%1").arg(found->second);
}

QString AuditPresenter::objectOf(const QString& typed) const {
    for (const auto& [id, number] : m_numbers) {
        if (typed == QStringLiteral("#%1").arg(number) ||
            typed.compare(tr("release #%1").arg(number), Qt::CaseInsensitive) == 0)
            return toText(id);
    }
    return typed;
}

void AuditPresenter::refresh() {
    if (!m_hub.session()) return;
    m_age.read(m_hub.times().now());
    m_list.reload(fetch());
}

void AuditPresenter::restart() {
    if (!m_hub.session()) return;
    m_age.read(m_hub.times().now());
    m_list.restart(fetch());
}

void AuditPresenter::look() {
    m_isLookedAt = true;
    if (m_hub.isConnected() && m_age.isOld(m_hub.times().now())) refresh();
}

PagedList<services::AuditRow>::Fetch AuditPresenter::fetch() {
    return [this](const services::PageRequest& page,
                  services::Reply<services::Page<services::AuditRow>> reply) {
        services::AuditQuery query = queryOf(m_filter);
        query.page = page;
        return m_hub.session()->audit().list(query, std::move(reply));
    };
}

services::AuditQuery AuditPresenter::queryOf(const Filter& filter) const {
    services::AuditQuery out;
    out.actor = filter.actor.toStdString();
    out.verb = filter.verb.toStdString();
    out.object = objectOf(filter.object).toStdString();
    out.result = filter.result.toStdString();
    out.since = filter.since;
    out.until = filter.until;
    return out;
}

void AuditPresenter::setFilter(const Filter& filter) {
    if (filter == m_filter) return;
    m_filter = filter;
    restart();
    Q_EMIT changed();
}

QList<QPair<QString, QString>> AuditPresenter::factsOf(int row) const {
    const services::AuditRow* found = m_model.at(row);
    if (found == nullptr) return {};
    QList<QPair<QString, QString>> out = {
        {tr("Row"), QString::number(found->id)},
        {tr("Time"), m_hub.times().full(found->at)},
        {tr("Actor"), tr("%1 by %2 from %3")
                          .arg(toText(found->actor), models::StatusWords::methodName(found->via),
                               toText(found->address))},
        {tr("Verb"), toText(found->verb)},
        {tr("Object"), nameOf(found->object).isEmpty()
                           ? toText(found->object)
                           : tr("%1 (%2)", "its name, and its id")
                                 .arg(nameOf(found->object), toText(found->object))},
        {tr("Cluster"), toText(found->cluster)},
        {tr("Reason"), models::OwnWords::ofReason(toText(found->reason))},
        {tr("Error"), models::OwnWords::ofDenial(toText(found->error))},
        {tr("Before"), toText(found->before)},
        {tr("After"), toText(found->after)},
        {tr("Request"), toText(found->requestId)},
        {tr("Hash"), toText(found->hash)}};
    out.removeIf([](const auto& fact) { return fact.second.isEmpty(); });
    return out;
}

Action AuditPresenter::verifyAction() const {
    if (m_verifying) return {tr("The chain is being walked.")};
    if (const QString why = m_hub.whyNoLine(); !why.isEmpty()) return {why};
    return {};
}

void AuditPresenter::verify() {
    if (!verifyAction().enabled()) return;
    m_verifying = true;
    m_verifyKind = StatusKind::Run;
    m_verifyText = KeptText([] { return tr("The master walks the chain."); });
    m_heads.readKept([this](const audit::KeptHeads& kept) {
        m_verify = m_hub.session()->audit().verify(
            kept.rows(), [this, kept](const absl::StatusOr<services::AuditVerification>& result) {
                if (result.ok() && result->intact) m_heads.take(kept, result->heads);
                verified(result, kept.all().size());
            });
    });
    Q_EMIT changed();
}

void AuditPresenter::verified(const absl::StatusOr<services::AuditVerification>& result,
                              std::size_t kept) {
    m_verifying = false;
    if (!result.ok()) {
        m_verifyKind = StatusKind::Wait;
        m_verifyText = KeptText([status = result.status()] { return sentenceOf(status); });
    } else if (result->intact) {
        m_verifyKind = StatusKind::Ok;
        m_verifyText = KeptText([rows = result->rows, head = result->headHash, kept] {
            return tr("Head %2: the chain of %1 row(s) is intact.", "", models::pluralOf(rows))
                       .arg(grouped(static_cast<qint64>(rows)), models::shortDigest(head)) +
                   QLatin1Char(' ') +
                   (kept == 0 ? tr("No head was kept here before; this one is the first.")
                              : tr("All %1 head(s) that are kept here lie on it.", "",
                                   models::pluralOf(kept))
                                    .arg(grouped(static_cast<qint64>(kept))));
        });
    } else {
        m_verifyKind = StatusKind::Fail;
        m_verifyText = KeptText([id = result->firstBrokenId, message = toText(result->message)] {
            return tr("The chain is broken at row %1: %2.")
                .arg(QString::number(id), models::OwnWords::ofBreak(message));
        });
    }
    Q_EMIT changed();
}

QString AuditPresenter::verifyText() const {
    if (!m_heads.alarm().isEmpty()) return m_heads.alarm();
    const QString verdict = m_verifyText.text();
    if (m_heads.trouble().isEmpty()) return verdict;
    return verdict.isEmpty() ? m_heads.trouble() : verdict + QLatin1Char(' ') + m_heads.trouble();
}

StatusKind AuditPresenter::verifyKind() const {
    if (!m_heads.alarm().isEmpty()) return StatusKind::Fail;
    if (m_verifyKind == StatusKind::Ok && !m_heads.trouble().isEmpty()) return StatusKind::Wait;
    return m_verifyKind;
}

QString AuditPresenter::countLine() const {
    if (!m_list.loaded()) return {};
    const int rows = m_model.rowCount();
    if (rows == 0 && !hasMore()) return {};  // the page says it in a sentence
    return tr("%1 row(s), newest first", "", rows).arg(grouped(rows)) +
           (hasMore() ? tr(" · more to load") : QString());
}

models::ViewNotice AuditPresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_list.loaded();
    facts.error = m_list.error();
    facts.readAt = m_age.asOf();
    // Filtered by the master: it does not tell how many there are without the filter.
    facts.total = m_filter.empty() ? m_model.rowCount() : std::max(1, m_model.rowCount());
    facts.shown = m_model.rowCount();
    facts.empty = tr("Nothing has been changed in this cluster yet.");
    return judgeView(m_hub, facts);
}

}  // namespace ifrit::gui::presenters
