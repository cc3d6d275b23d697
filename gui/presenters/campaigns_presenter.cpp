// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/campaigns_presenter.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "gui/presenters/filter_count.h"
#include "gui/presenters/view_judge.h"
#include "shared/base/status.h"

namespace ifrit::gui::presenters {
namespace {

using models::CampaignWords;
using models::grouped;
using models::StatusKind;
using models::toText;
using services::CampaignBoard;
using services::CampaignPhase;

constexpr int kAgainMs = 5'000;
/// While another page is shown: receipts are carried all the same.
constexpr int kAwayMs = 30'000;
constexpr int kSoonMs = 300;

/// The first cluster that needs a person before anything goes on.
std::optional<std::size_t> stoppedSeat(const CampaignBoard& board) {
    using domain::StepState;
    for (std::size_t i = 0; i < board.seats().size(); ++i) {
        const auto& held = board.seats()[i].held;
        if (!held || !held->state) continue;
        const StepState state = *held->state;
        if (state == StepState::Halted || state == StepState::Failed ||
            state == StepState::Unproved || state == StepState::Withdrawn)
            return i;
    }
    return std::nullopt;
}

}  // namespace

CampaignsPresenter::CampaignsPresenter(ConnectionHub& hub, FleetFeed& feed,
                                       ConnectionsPresenter& connections,
                                       services::SessionFactory& factory, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_lines(hub, connections, factory),
      m_carrier(m_lines, hub.times()),
      m_model(hub.times()),
      m_seats(hub.times()) {
    m_again.start(kAwayMs);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoonMs);
    connect(&m_again, &QTimer::timeout, this, [this] {
        if (m_shown || !m_loaded || anyOpen()) refresh();
    });
    connect(&m_soon, &QTimer::timeout, this, &CampaignsPresenter::refresh);
    connect(&m_lines, &CampaignLines::answered, this, &CampaignsPresenter::take);
    connect(&m_lines, &CampaignLines::closed, this, [this] {
        m_call.cancel();
        m_acting = m_preparing = false;
        m_start.reset();
        m_loaded = false;
        m_waiting.reset();
        m_boards.clear();
        m_model.setRecords({});
        showSeats();
        Q_EMIT changed();
    });
    connect(&m_carrier, &ReceiptCarrier::changed, this, &CampaignsPresenter::changed);
    connect(&m_carrier, &ReceiptCarrier::carried, this, &CampaignsPresenter::refresh);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (m_hub.isConnected() && m_shown && !m_loaded && !m_lines.asking()) refresh();
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::resumed, this, &CampaignsPresenter::refresh);
    connect(&hub, &ConnectionHub::identityChanged, this, &CampaignsPresenter::changed);
    connect(&feed, &FleetFeed::happened, this, [this](const services::ClusterEvent& event) {
        using Kind = services::ClusterEvent::Kind;
        // Releases change many times a minute: that is looked at while somebody does.
        const bool mine =
            (event.kind == Kind::ReleaseChanged && m_shown) || event.kind == Kind::Reset ||
            (event.kind == Kind::AuditAppended && event.subject.rfind("campaign.", 0) == 0);
        if (mine && !m_soon.isActive()) m_soon.start();
    });
}

bool CampaignsPresenter::anyOpen() const {
    return std::any_of(m_boards.begin(), m_boards.end(), [](const CampaignBoard& board) {
        const CampaignPhase phase = board.phase();
        return phase != CampaignPhase::Complete && phase != CampaignPhase::Aborted &&
               phase != CampaignPhase::Expired;
    });
}

void CampaignsPresenter::setShown(bool shown) {
    m_shown = shown;
    m_again.start(shown ? kAgainMs : kAwayMs);
    if (shown) refresh();
}

void CampaignsPresenter::refresh() {
    if (m_hub.isConnected()) m_lines.ask();
}

void CampaignsPresenter::take() {
    const auto& own = m_lines.answers().find(m_hub.profile().bundle.cluster);
    const bool ownAnswered = own != m_lines.answers().end() && own->second.ok();
    // The others are not kept waiting by the one that the window is about.
    const bool ownIsAwaited =
        own != m_lines.answers().end() && services::isAwaited(own->second.status());
    const bool anyAnswered = std::any_of(m_lines.answers().begin(), m_lines.answers().end(),
                                         [](const auto& answer) { return answer.second.ok(); });
    if (ownAnswered || (ownIsAwaited && anyAnswered) || m_loaded) {
        m_loaded = true;
        m_boards = services::boardsOf(m_lines.answers());
        if (!ownAnswered && m_boards.empty()) m_boards = m_model.all();
        m_model.setRecords(m_boards);
    }
    followShown();
    showSeats();
    Q_EMIT changed();
    if (ownAnswered && (m_waiting || !m_lines.awaitsAny())) tellWaiting();
    m_carrier.carry(m_boards);
}

void CampaignsPresenter::tellWaiting() {
    const bool isFirst = !m_waiting.has_value();
    if (isFirst) m_waiting.emplace();
    std::vector<std::pair<QString, QString>> news;
    for (const CampaignBoard& board : m_boards) {
        const auto at = board.next().has_value() ? board.next() : stoppedSeat(board);
        const CampaignPhase phase = board.phase();
        const bool mayComeBack = phase == CampaignPhase::Waiting || phase == CampaignPhase::Unseen;
        // A cluster that was out of sight for a moment is not told of again.
        if (!at && !mayComeBack) m_waiting->erase(board.id());
        if (!at || board.any() == nullptr) continue;
        const services::CampaignSeat& seat = board.seats()[*at];
        const bool isStop = !board.next().has_value();
        std::string& told = (*m_waiting)[board.id()];
        const std::string now = seat.cluster + (isStop ? " stopped" : " next");
        if (std::exchange(told, now) == now) continue;
        const QString name = toText(board.any()->campaign.name);
        news.emplace_back(
            toText(board.id()),
            isStop ? tr("Campaign %1 has stopped. %2").arg(name, standOf(board, *at))
                   : tr("Campaign %1: %2 can be started.").arg(name, toText(seat.cluster)));
    }
    if (isFirst) return;
    for (const auto& [id, sentence] : news)
        Q_EMIT personWanted(id, sentence);
}

void CampaignsPresenter::showSeats() {
    std::vector<models::SeatRecord> records;
    if (const CampaignBoard* it = board()) {
        const auto shown = std::make_shared<const CampaignBoard>(*it);
        for (std::size_t i = 0; i < shown->seats().size(); ++i)
            records.push_back({shown, i});
    }
    m_seats.setRecords(std::move(records));
}

void CampaignsPresenter::setFilter(const QString& text) {
    m_filter = text;
    m_model.setFilter(text);
    followShown();
    Q_EMIT changed();
}

QString CampaignsPresenter::emptyLine() const {
    if (m_model.rowCount() > 0 || !m_loaded) return {};
    return m_boards.empty() ? tr("No campaign in the clusters that have answered.")
                            : tr("No campaign matches the filter.");
}

void CampaignsPresenter::followShown() {
    if (m_model.rowOfKey(m_chosen) >= 0) return;
    const services::CampaignBoard* first = m_model.at(0);
    show(first == nullptr ? QString() : toText(first->id()));
}

void CampaignsPresenter::choose(const QString& id) {
    if (!id.isEmpty()) show(id);
}

void CampaignsPresenter::show(const QString& id) {
    if (id == m_chosen) return;
    m_chosen = id;
    m_start.reset();
    // A verb that was confirmed goes on. What a start of another campaign would do, nobody asks
    // any more.
    if (std::exchange(m_preparing, false)) {
        m_call.cancel();
        m_acting = false;
    }
    showSeats();
    Q_EMIT changed();
}

void CampaignsPresenter::openRelease(int row) {
    const models::SeatRecord* record = m_seats.at(row);
    if (record == nullptr) return;
    const services::CampaignSeat& seat = record->seat();
    if (seat.cluster != m_hub.profile().bundle.cluster) {
        Q_EMIT acted(tr("Its release is shown where the window is connected to %1.")
                         .arg(toText(seat.cluster)));
    } else if (!seat.held || !seat.held->release) {
        Q_EMIT acted(tr("%1 has no release of it yet.").arg(toText(seat.cluster)));
    } else {
        Q_EMIT releaseWanted(toText(seat.held->release->release.id));
    }
}

const CampaignBoard* CampaignsPresenter::board() const {
    const auto found = std::find_if(m_boards.begin(), m_boards.end(),
                                    [this](const auto& it) { return toText(it.id()) == m_chosen; });
    return found == m_boards.end() ? nullptr : &*found;
}

QStringList CampaignsPresenter::clusters() const {
    QStringList out;
    if (const CampaignBoard* it = board()) {
        for (const services::CampaignSeat& seat : it->seats())
            out << toText(seat.cluster);
        return out;
    }
    for (const CampaignLines::Line& line : m_lines.lines())
        out << toText(line.cluster);
    return out;
}

models::CtlCommand CampaignsPresenter::command() const {
    const CampaignBoard* it = board();
    return it == nullptr ? models::campaignsCommand(clusters())
                         : models::campaignCommand(it->id(), clusters());
}

QString CampaignsPresenter::countLine() const {
    if (!m_loaded) return {};
    const auto campaigns = static_cast<int>(m_boards.size());
    if (!m_filter.isEmpty()) return countText(m_model.rowCount(), campaigns, false);
    if (campaigns == 0) return {};  // the page says it in a sentence
    return tr("%1 campaign(s), newest first", "", campaigns).arg(grouped(campaigns));
}

QList<models::Figure> CampaignsPresenter::figures() const {
    const bool old = models::isOld(notice().state);
    const auto figure = [&](const QString& label, CampaignPhase phase, StatusKind kind) {
        const auto count = std::count_if(m_boards.begin(), m_boards.end(),
                                         [phase](const auto& it) { return it.phase() == phase; });
        models::Figure out{label, grouped(count), {}, {}, old};
        if (count > 0) out.kind = kind;
        return out;
    };
    // One for each phase: together they are the campaigns of the line above.
    return {figure(tr("Running"), CampaignPhase::Running, StatusKind::Run),
            figure(tr("Waiting"), CampaignPhase::Waiting, StatusKind::Wait),
            figure(tr("Stopped"), CampaignPhase::Stopped, StatusKind::Fail),
            figure(tr("Complete"), CampaignPhase::Complete, StatusKind::Ok),
            figure(tr("Aborted"), CampaignPhase::Aborted, StatusKind::None),
            figure(tr("Expired"), CampaignPhase::Expired, StatusKind::None),
            figure(tr("Out of sight"), CampaignPhase::Unseen, StatusKind::Silent)};
}

int CampaignsPresenter::attention() const {
    return static_cast<int>(std::count_if(m_boards.begin(), m_boards.end(), [](const auto& it) {
        return it.phase() == CampaignPhase::Stopped || it.next().has_value();
    }));
}

QString CampaignsPresenter::title() const {
    const CampaignBoard* it = board();
    return it == nullptr ? QString() : toText(it->any()->campaign.name);
}

models::StatusLook CampaignsPresenter::look() const {
    const CampaignBoard* it = board();
    return it == nullptr ? models::StatusLook() : CampaignWords::of(it->phase());
}

QString CampaignsPresenter::factsLine() const {
    const CampaignBoard* it = board();
    if (it == nullptr) return {};
    const domain::Campaign& campaign = it->any()->campaign;
    QStringList out;
    out << tr("%1 to %2").arg(toText(campaign.agent), CampaignWords::versions(campaign));
    out << tr("made by %1").arg(toText(campaign.createdBy));
    out << tr("expires %1").arg(m_hub.times().at(campaign.expires));
    if (campaign.settle.count() > 0)
        out << tr("a release must stand for %1").arg(models::TimeText::length(campaign.settle));
    out << tr("document %1").arg(models::shortDigest(it->any()->digest));
    return out.join(QStringLiteral(" · "));
}

QString CampaignsPresenter::carryLine() const {
    const CampaignBoard* it = board();
    const int held = it == nullptr ? 0 : ReceiptCarrier::heldBack(m_lines, *it);
    if (held > 0)
        return tr("%1 receipt(s) cannot be carried over a read-only connection.", "", held)
            .arg(held);
    return m_carrier.line();
}

models::ViewNotice CampaignsPresenter::notice() const {
    ViewFacts facts;
    facts.loaded = m_loaded;
    facts.total = static_cast<qint64>(m_boards.size());
    facts.shown = m_model.rowCount();
    facts.empty = tr("No campaign yet. A campaign takes one change through several clusters.");
    if (createAction().enabled()) facts.firstAction = tr("New campaign…");
    QStringList away;
    QStringList awaited;
    for (const auto& [cluster, answer] : m_lines.answers()) {
        if (answer.ok()) continue;
        if (services::isAwaited(answer.status()))
            awaited << toText(cluster);
        else if (cluster == m_hub.profile().bundle.cluster)
            facts.error = answer.status();
        else
            away << toText(cluster);
    }
    facts.partial = partialLine(away, awaited);
    return judgeView(m_hub, facts);
}

QString CampaignsPresenter::partialLine(const QStringList& away, const QStringList& awaited) const {
    if (away.isEmpty() && awaited.isEmpty()) return {};
    const auto all = static_cast<int>(m_lines.answers().size());
    const auto count = all - static_cast<int>(away.size() + awaited.size());
    const QString separator = QStringLiteral(", ");
    if (awaited.isEmpty())
        return tr("%1 of %2 cluster(s) answered; out of sight: %3", "", all)
            .arg(count)
            .arg(all)
            .arg(away.join(separator));
    if (away.isEmpty())
        return tr("%1 of %2 cluster(s) answered; waiting for %3", "", all)
            .arg(count)
            .arg(all)
            .arg(awaited.join(separator));
    return tr("%1 of %2 cluster(s) answered; waiting for %3; out of sight: %4", "", all)
        .arg(count)
        .arg(all)
        .arg(awaited.join(separator), away.join(separator));
}

services::Session* CampaignsPresenter::sessionOf(const std::string& cluster) const {
    const CampaignLines::Line* line = m_lines.lineOf(cluster);
    return line == nullptr ? nullptr : line->session;
}

}  // namespace ifrit::gui::presenters
