@echo off
rem The s4 command on Windows: finds a JDK 25, builds on first use, starts s4j. It does what ./s4 does, with the same
rem environment variables (S4_JAVA_HOME, S4_HEAP, S4_JAVA_OPTS, S4_MVN, S4_DATA, S4_CLASSPATH; jars
rem of the last are separated by semicolons here).
rem Not run by the project's CI, which has no Windows machine: reports and fixes are welcome.
setlocal enableextensions enabledelayedexpansion
set "S4_ROOT=%~dp0"
if "%S4_ROOT:~-1%"=="\" set "S4_ROOT=%S4_ROOT:~0,-1%"

set "JDK="
if defined S4_JAVA_HOME (
    call :suits "%S4_JAVA_HOME%"
    if not defined JDK (
        echo s4: S4_JAVA_HOME=%S4_JAVA_HOME% is not a JDK 25 or newer. 1>&2
        echo s4: Point it at a JDK 25, or unset it to let s4 search. 1>&2
        exit /b 2
    )
)
if not defined JDK if defined JAVA_HOME call :suits "%JAVA_HOME%"
if not defined JDK for /f "delims=" %%J in ('where java 2^>nul') do if not defined JDK call :suits "%%~dpJ.."
for %%R in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%USERPROFILE%\.jdks" "%USERPROFILE%\scoop\apps") do (
    if not defined JDK if exist "%%~R" for /d %%D in ("%%~R\*") do if not defined JDK call :suits "%%~D"
)
if not defined JDK (
    echo s4: no JDK 25 or newer found; looked at JAVA_HOME, the PATH and the usual install places. 1>&2
    echo s4: Install one, e.g. winget install EclipseAdoptium.Temurin.25.JDK, or set S4_JAVA_HOME to where it is. 1>&2
    exit /b 2
)

set "CLASSPATH_FILE=%S4_ROOT%\s4-cli\target\s4.classpath"
set "STALE="
if not exist "%CLASSPATH_FILE%" set "STALE=1"
if not defined STALE (
    powershell -NoProfile -Command "$t=(Get-Item '%CLASSPATH_FILE%').LastWriteTime; if (Get-ChildItem '%S4_ROOT%\pom.xml','%S4_ROOT%\s4-*\pom.xml','%S4_ROOT%\s4-*\src\main','%S4_ROOT%\configs' -Recurse -File | Where-Object LastWriteTime -gt $t | Select-Object -First 1) { exit 1 }"
    if errorlevel 1 set "STALE=1"
)
if defined STALE (
    echo s4: building ^(the first time downloads libtorch and takes a few minutes^) ... 1>&2
    if not defined S4_MVN set "S4_MVN=mvn"
    set "JAVA_HOME=!JDK!"
    pushd "%S4_ROOT%"
    call "!S4_MVN!" -B -q -pl s4-cli -am -DskipTests -Dspotless.check.skip process-classes 1>&2
    if errorlevel 1 (
        popd
        echo s4: the build failed; its output stands above. Maven is needed on the PATH or as S4_MVN. 1>&2
        exit /b 2
    )
    popd
)

if not defined OPENBLAS_THREAD_TIMEOUT set "OPENBLAS_THREAD_TIMEOUT=4"
if not defined OMP_WAIT_POLICY set "OMP_WAIT_POLICY=passive"
set "HEAP="
if defined S4_HEAP set "HEAP=-Xmx%S4_HEAP%"
rem the class path is longer than a command line may be: it goes into the environment
set /p DEPENDENCIES=<"%CLASSPATH_FILE%"
set "CLASSPATH=%S4_ROOT%\s4-cli\target\classes;%DEPENDENCIES%"
if defined S4_CLASSPATH set "CLASSPATH=%CLASSPATH%;%S4_CLASSPATH%"
"%JDK%\bin\java" --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseParallelGC -XX:ObjectAlignmentInBytes=64 %HEAP% -Djava.awt.headless=true -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 "-Ds4j.configs=%S4_ROOT%\configs" %S4_JAVA_OPTS% s4j.cli.Main %*
exit /b %errorlevel%

:suits
if not exist "%~1\bin\javac.exe" exit /b
set "MAJOR="
if exist "%~1\release" for /f "tokens=2 delims==." %%V in ('findstr /b "JAVA_VERSION=" "%~1\release"') do set "MAJOR=%%~V"
if defined MAJOR set "MAJOR=%MAJOR:"=%"
if defined MAJOR if %MAJOR% GEQ 25 set "JDK=%~1"
exit /b
