// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gui/presenters/campaign_lines.h"
#include "gui/presenters/kept_text.h"

namespace ifrit::gui::presenters {

/// Takes documents and receipts to the clusters that lack them, one after the other. What a cluster
/// refused is not tried again until something else is to be carried there, or over another
/// connection; what it could not answer
/// now (unreachable, between two leaders, overloaded) is tried again after the others. After
/// anything was carried to a cluster, its next answer is waited for. GUI thread.
class ReceiptCarrier : public QObject {
    Q_OBJECT
public:
    ReceiptCarrier(CampaignLines& lines, const models::TimeText& times, QObject* parent = nullptr);

    /// Does what there is to do for these; nothing while it is busy.
    void carry(const std::vector<services::CampaignBoard>& boards);
    /// Errands that no connection of ours may do: of read-only ones.
    static int heldBack(const CampaignLines& lines, const services::CampaignBoard& board);
    /// What was carried last, or why it was refused; empty: nothing yet.
    QString line() const { return m_line.text(); }
    bool lineIsBad() const { return m_bad; }
    void forget();

Q_SIGNALS:
    /// Something was carried: ask again.
    void carried();
    void changed();

private:
    /// Sends the first errand that is neither refused nor put off; false: there is none.
    bool carryNext(const std::vector<services::CampaignBoard>& boards);
    void told(const std::string& key, const QString& from, const std::string& to, bool isReceipt,
              const absl::Status& status);

    CampaignLines& m_lines;
    const models::TimeText& m_times;
    services::CallHandle m_call;
    std::set<std::string> m_refused;
    /// By cluster, the number of the question whose answer it has to come after, since it was told
    /// something.
    std::map<std::string, std::uint64_t> m_told;
    std::set<std::string> m_later;  ///< not answered: what hangs must not keep the others waiting
    KeptText m_line;
    bool m_bad = false;
    bool m_busy = false;
};

}  // namespace ifrit::gui::presenters
