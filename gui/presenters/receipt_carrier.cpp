// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/receipt_carrier.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;
using services::CampaignBoard;
using services::CampaignErrand;

/// The cluster's own word on what was carried, which another try does not change.
bool isLastWord(const absl::Status& status) {
    switch (status.code()) {
        case absl::StatusCode::kInvalidArgument:
        case absl::StatusCode::kNotFound:
        case absl::StatusCode::kAlreadyExists:
        case absl::StatusCode::kPermissionDenied:
        case absl::StatusCode::kFailedPrecondition:
        case absl::StatusCode::kOutOfRange:
        case absl::StatusCode::kUnimplemented:
            return true;
        default:
            return false;
    }
}

/// The same thing to the same cluster.
std::string keyOf(const CampaignBoard& board, const CampaignErrand& errand) {
    std::string out = board.id() + ' ' + std::to_string(errand.to);
    if (errand.kind == CampaignErrand::Kind::Present)
        out += ' ' + std::to_string(board.seats()[errand.to - 1].held->own->receipt.serial);
    return out;
}

}  // namespace

ReceiptCarrier::ReceiptCarrier(CampaignLines& lines, const models::TimeText& times, QObject* parent)
    : QObject(parent), m_lines(lines), m_times(times) {
    connect(&lines, &CampaignLines::closed, this, &ReceiptCarrier::forget);
    connect(&lines, &CampaignLines::reopened, this, [this] {
        m_refused.clear();
        m_later.clear();
    });
}

void ReceiptCarrier::forget() {
    m_call.cancel();
    m_busy = false;
    m_refused.clear();
    m_later.clear();
    m_told.clear();
    m_line.clear();
    m_bad = false;
}

int ReceiptCarrier::heldBack(const CampaignLines& lines, const CampaignBoard& board) {
    int out = 0;
    for (const CampaignErrand& errand : board.errands()) {
        const auto* line = lines.lineOf(board.seats()[errand.to].cluster);
        out += line != nullptr && line->readOnly ? 1 : 0;
    }
    return out;
}

void ReceiptCarrier::carry(const std::vector<CampaignBoard>& boards) {
    if (m_busy || carryNext(boards) || m_later.empty()) return;
    m_later.clear();
    carryNext(boards);
}

bool ReceiptCarrier::carryNext(const std::vector<CampaignBoard>& boards) {
    for (const CampaignBoard& board : boards) {
        // Nobody waits for what has ended.
        const auto phase = board.phase();
        if (phase == services::CampaignPhase::Aborted || phase == services::CampaignPhase::Expired)
            continue;
        for (const CampaignErrand& errand : board.errands()) {
            const services::CampaignSeat& seat = board.seats()[errand.to];
            const auto* line = m_lines.lineOf(seat.cluster);
            const std::string key = keyOf(board, errand);
            if (line == nullptr || line->session == nullptr || line->readOnly ||
                m_refused.count(key) != 0 || m_later.count(key) != 0)
                continue;
            // What it said before does not show what was carried since.
            const auto last = m_told.find(seat.cluster);
            if (last != m_told.end() && m_lines.answeredBy(seat.cluster) <= last->second) continue;
            const bool isReceipt = errand.kind == CampaignErrand::Kind::Present;
            const QString from =
                isReceipt ? toText(board.seats()[errand.to - 1].cluster) : QString();
            const auto answer = [this, key, from, to = seat.cluster,
                                 isReceipt](const absl::StatusOr<services::CampaignInfo>& done) {
                told(key, from, to, isReceipt, done.status());
            };
            m_busy = true;
            m_call =
                isReceipt
                    ? line->session->campaigns().present(
                          board.id(), board.seats()[errand.to - 1].held->own->carried, {}, answer)
                    : line->session->campaigns().import(board.any()->document,
                                                        services::CampaignService::Import::Store,
                                                        {}, answer);
            return true;
        }
    }
    return false;
}

void ReceiptCarrier::told(const std::string& key, const QString& from, const std::string& cluster,
                          bool isReceipt, const absl::Status& status) {
    m_busy = false;
    // Where it did not come to it, any next answer says that it is there again.
    m_told[cluster] = status.ok() ? m_lines.askedOf(cluster) : m_lines.answeredBy(cluster);
    const QString to = toText(cluster);
    m_bad = !status.ok();
    const bool refused = isLastWord(status);
    if (m_bad) (refused ? m_refused : m_later).insert(key);
    const base::WallTime at = m_times.now();
    m_line = KeptText([this, from, to, isReceipt, status, refused, at] {
        const QString when = m_times.at(at);
        if (!status.ok() && !refused)
            return tr("%1 was not reached with what is carried to it, and is tried again: %2")
                .arg(to, sentenceOf(status));
        if (!status.ok())
            return tr("%1 did not take what was carried to it: %2").arg(to, sentenceOf(status));
        return isReceipt ? tr("Carried the receipt of %1 to %2 at %3.").arg(from, to, when)
                         : tr("Carried the campaign to %1 at %2.").arg(to, when);
    });
    Q_EMIT changed();
    if (!m_bad) Q_EMIT carried();
}

}  // namespace ifrit::gui::presenters
