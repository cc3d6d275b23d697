// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QMap>
#include <QObject>
#include <QSettings>
#include <QString>

namespace ifrit::gui::app {

/// What the window's keys do, and which keys they are: one table, with the operator's own choices
/// over the ones that it begins with. GUI thread.
class KeyMap : public QObject {
    Q_OBJECT
public:
    struct Entry {
        QString id;
        QString words;
        QKeySequence keys;
        bool own = false;    ///< chosen by the operator
        bool fixed = false;  ///< shown in the table, and the same for everybody
        QString shown;       ///< of a fixed one; else keys.toString(NativeText)
    };

    /// `settings` must outlive the map.
    explicit KeyMap(QSettings& settings, QObject* parent = nullptr);

    /// In the order of the table, in the language of now.
    QList<Entry> entries() const;
    /// Empty: the command has no key.
    QKeySequence keys(const QString& id) const;
    /// As a label says it: "Ctrl+N".
    QString text(const QString& id) const;
    /// Takes `keys` for the command, none where they are empty. Refused where they belong to
    /// another command or to the system of the window: the answer says why, and nothing changes.
    QString bind(const QString& id, const QKeySequence& keys);
    /// Every key as on the first day.
    void reset();

Q_SIGNALS:
    void changed();

private:
    QString ownerOf(const QKeySequence& keys, const QString& except) const;

    QSettings& m_settings;
    QMap<QString, QKeySequence> m_own;
};

}  // namespace ifrit::gui::app
