// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace ifrit::gui::widgets {

class Theme;

/// Shares of a whole as one bar, with a line of words above and below it.
class ShareBar : public QWidget {
    Q_OBJECT
public:
    struct Share {
        QString name;
        qint64 count = 0;
        int color = 0;  ///< of the series
        bool operator==(const Share&) const = default;
    };
    ShareBar(const Theme& theme, QWidget* parent);
    void setShares(const QString& title, const QList<Share>& shares);
    /// What it shows is old: drawn pale, its figures struck through.
    void setOld(bool old);
    QSize sizeHint() const override { return {320, 46}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_title;
    QString m_words;
    QList<Share> m_shares;
    bool m_old = false;
};

}  // namespace ifrit::gui::widgets
