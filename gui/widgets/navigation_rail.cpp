// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/navigation_rail.h"

#include <QEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "gui/widgets/icons.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

class NavigationRail::Entry : public QAbstractButton {
public:
    Entry(const Theme& theme, const QString& iconName, QWidget* parent)
        : QAbstractButton(parent), m_theme(theme), m_iconName(iconName) {
        setCheckable(true);
        setAutoExclusive(true);
        setFixedHeight(32);
        setFocusPolicy(Qt::TabFocus);
        setAttribute(Qt::WA_Hover);
    }

    void setKeys(const QString& keys) {
        m_keys = keys;
        update();
    }

    void setBadge(int count) {
        m_badge = count;
        update();
    }

    void setOld(bool old) {
        if (old == m_old) return;
        m_old = old;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked() || underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color(isChecked() ? Token::AccentBg : Token::Bg));
            painter.drawRoundedRect(rect(), 6, 6);
        }
        if (hasFocus()) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(m_theme.color(Token::Accent), 1));
            painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        }
        const QColor color = m_theme.color(isChecked() ? Token::Accent : Token::Text);
        widgets::icon(m_iconName, color).paint(&painter, QRect(8, 7, 18, 18));
        QFont font = m_theme.textFont();
        font.setWeight(isChecked() ? QFont::DemiBold : QFont::Normal);
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(QRect(34, 0, width() - 40, height()), Qt::AlignVCenter, text());
        paintRight(painter);
    }

private:
    void paintRight(QPainter& painter) {
        QFont font = m_theme.smallFont();
        font.setPixelSize(11);
        painter.setFont(font);
        if (m_badge == 0) {
            painter.setPen(m_theme.color(isChecked() ? Token::Accent : Token::Muted));
            painter.drawText(rect().adjusted(0, 0, -9, 0), Qt::AlignVCenter | Qt::AlignRight,
                             m_keys);
            return;
        }
        const QString count = QString::number(m_badge);
        const int wide = std::max(18, QFontMetrics(font).horizontalAdvance(count) + 10);
        const QRectF box(width() - wide - 8, (height() - 17) / 2.0, wide, 17);
        // Of an old one nobody knows whether it still is so many.
        painter.setPen(m_old ? QPen(m_theme.color(Token::Muted)) : QPen(Qt::NoPen));
        painter.setBrush(m_old ? QBrush(Qt::NoBrush) : QBrush(m_theme.color(Token::FailText)));
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
        font.setStrikeOut(m_old);
        painter.setFont(font);
        painter.setPen(m_theme.color(m_old ? Token::Muted : Token::Surface));
        painter.drawText(box, Qt::AlignCenter, count);
    }

    const Theme& m_theme;
    QString m_iconName;
    QString m_keys;
    int m_badge = 0;
    bool m_old = false;
};

NavigationRail::NavigationRail(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_layout(new QVBoxLayout(this)) {
    setFixedWidth(176);
    m_layout->setContentsMargins(8, 10, 8, 10);
    m_layout->setSpacing(1);
    m_layout->addStretch(1);
    setAccessibleName(tr("Views"));
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

int NavigationRail::addView(const QString& iconName, const QString& title, const QString& keys) {
    const int index = static_cast<int>(m_entries.size());
    auto* entry = new Entry(m_theme, iconName, this);
    m_entries.append(entry);
    retitle(index, title, keys);
    m_layout->insertWidget(index, entry);
    connect(entry, &QAbstractButton::clicked, this, [this, index] { Q_EMIT chosen(index); });
    return index;
}

void NavigationRail::setCurrent(int index) {
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        // Exclusive buttons do not let go of the last one.
        m_entries[i]->setAutoExclusive(false);
        m_entries[i]->setChecked(i == index);
        m_entries[i]->setAutoExclusive(true);
    }
}

void NavigationRail::setOld(bool old) {
    for (Entry* entry : m_entries)
        entry->setOld(old);
}

void NavigationRail::setBadge(int index, int count) {
    m_entries[index]->setBadge(count);
}

void NavigationRail::retitle(int index, const QString& title, const QString& keys) {
    m_entries[index]->setKeys(keys);
    m_entries[index]->setText(title);
    m_entries[index]->setAccessibleName(title);
}

int NavigationRail::addFooter(const QString& iconName) {
    const int index = static_cast<int>(m_footers.size());
    auto* entry = new Entry(m_theme, iconName, this);
    entry->setAutoExclusive(false);
    m_footers.append(entry);
    m_layout->addWidget(entry);
    connect(entry, &QAbstractButton::clicked, this, [this, index, entry] {
        // Whether it is shown is told from outside.
        entry->setChecked(!entry->isChecked());
        Q_EMIT footerClicked(index);
    });
    return index;
}

void NavigationRail::setFooter(int index, const QString& title, const QString& keys) {
    m_footers[index]->setText(title);
    m_footers[index]->setAccessibleName(title);
    m_footers[index]->setToolTip(keys);
}

void NavigationRail::checkFooter(int index, bool checked) {
    m_footers[index]->setChecked(checked);
}

void NavigationRail::setFooterBadge(int index, int count) {
    m_footers[index]->setBadge(count);
}

void NavigationRail::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) setAccessibleName(tr("Views"));
}

void NavigationRail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Token::Raised));
    painter.fillRect(QRect(width() - 1, 0, 1, height()), m_theme.color(Token::Border));
}

}  // namespace ifrit::gui::widgets
