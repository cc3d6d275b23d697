// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QList>
#include <QWidget>

class QVBoxLayout;

namespace ifrit::gui::widgets {

class Theme;

/// The views, top to bottom at the window's left; one is current.
class NavigationRail : public QWidget {
    Q_OBJECT
public:
    NavigationRail(const Theme& theme, QWidget* parent);

    /// Returns the view's index.
    int addView(const QString& icon, const QString& title, const QString& keys);
    /// -1: none of them.
    void setCurrent(int index);
    /// 0 hides it.
    void setBadge(int index, int count);
    /// What the views' badges count is of before the contact was lost: struck through, not red.
    void setOld(bool old);
    void retitle(int index, const QString& title, const QString& keys);

    /// Below the views, and no view: what is shown or hidden beside them. Returns its index.
    int addFooter(const QString& icon);
    void setFooter(int index, const QString& title, const QString& keys);
    void checkFooter(int index, bool checked);
    void setFooterBadge(int index, int count);

Q_SIGNALS:
    void chosen(int index);
    void footerClicked(int index);

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    class Entry;
    const Theme& m_theme;
    QVBoxLayout* m_layout;
    QList<Entry*> m_entries;
    QList<Entry*> m_footers;
};

}  // namespace ifrit::gui::widgets
