// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/fact_list.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGridLayout>
#include <QGuiApplication>
#include <QMenu>

#include "gui/models/identifier_text.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

/// Where a line may break, unseen: U+200B.
constexpr QChar kBreak(0x200b);

/// A digest has no place to break by itself; a uuid breaks behind a hyphen, but not where a digit
/// follows.
QString breakable(QString text) {
    if (models::isIdentifier(text) && text.contains(QLatin1Char('-')))
        return text.replace(QLatin1Char('-'), QLatin1Char('-') + QString(kBreak));
    if (text.size() > 40 && !text.contains(QLatin1Char(' '))) {
        for (qsizetype at = 8; at < text.size(); at += 9)
            text.insert(at, kBreak);
    }
    return text;
}

/// A value. What is copied of it goes into commands and other programs, which would take a break
/// for a letter.
class ValueLabel : public QLabel {
public:
    using QLabel::QLabel;

protected:
    void keyPressEvent(QKeyEvent* event) override {
        event->matches(QKeySequence::Copy) ? copy(QClipboard::Clipboard)
                                           : QLabel::keyPressEvent(event);
    }
    void mouseReleaseEvent(QMouseEvent* event) override {
        QLabel::mouseReleaseEvent(event);
        if (QGuiApplication::clipboard()->supportsSelection()) copy(QClipboard::Selection);
    }
    void contextMenuEvent(QContextMenuEvent* event) override {
        QMenu menu;
        menu.addAction(FactList::tr("Copy"), [this] { copy(QClipboard::Clipboard); })
            ->setEnabled(hasSelectedText());
        menu.addAction(FactList::tr("Select all"),
                       [this] { setSelection(0, static_cast<int>(text().size())); });
        menu.exec(event->globalPos());
    }

private:
    void copy(QClipboard::Mode mode) const {
        if (hasSelectedText())
            QGuiApplication::clipboard()->setText(selectedText().remove(kBreak), mode);
    }
};

}  // namespace

FactList::FactList(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(6);
    m_grid->setColumnStretch(1, 1);
    // Another style sheet gives every label the font of the rest.
    connect(&m_theme, &Theme::changed, this, [this] {
        for (const auto& row : m_rows)
            dress(*row.second);
    });
}

void FactList::dress(QLabel& value) const {
    const bool compared = models::isIdentifier(value.text().remove(kBreak));
    value.setFont(compared ? m_theme.monospaceFont() : m_theme.textFont());
}

void FactList::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    for (const auto& row : m_rows) {
        setLook(row.second, old ? "muted" : "");
        // Which gives it the font of the rest.
        dress(*row.second);
    }
}

void FactList::setFacts(const QList<QPair<QString, QString>>& facts) {
    while (m_rows.size() < facts.size()) {
        const int row = static_cast<int>(m_rows.size());
        auto* value = new ValueLabel(this);
        value->setWordWrap(m_wraps);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        value->setFocusPolicy(Qt::ClickFocus);
        value->setTextFormat(Qt::PlainText);
        value->setProperty("look", QLatin1String(m_old ? "muted" : ""));
        auto* name = mutedLabel({}, this);
        m_grid->addWidget(name, row, 0, Qt::AlignTop);
        m_grid->addWidget(value, row, 1, Qt::AlignTop);
        m_rows.append(qMakePair(name, value));
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const bool used = i < facts.size();
        m_rows[i].first->setVisible(used);
        m_rows[i].second->setVisible(used);
        if (!used) continue;
        m_rows[i].first->setText(facts[i].first);
        m_rows[i].second->setText(breakable(facts[i].second));
        dress(*m_rows[i].second);
        // Chinese letters are taller: beside such a name the value stands on the same line.
        m_rows[i].second->setMinimumHeight(m_rows[i].first->sizeHint().height());
        m_rows[i].second->setAccessibleName(facts[i].first + QStringLiteral(": ") +
                                            facts[i].second);
    }
}

}  // namespace ifrit::gui::widgets
